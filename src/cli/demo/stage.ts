import type { ControlClient } from '../../sandbox/index.js';
import type { Output } from '../output.js';

/** What a journey of the demo works with. */
export interface DemoStage {
  readonly control: ControlClient;
  readonly output: Output;
  readonly bank: { readonly id: string; readonly name: string };
  /** Runs one step, drawn while it runs and told when it is done. */
  step<T>(title: string, work: () => Promise<T>, tell: (value: T) => string): Promise<T>;
}
