import { assert } from '../../../kernel/index.js';

/** One element that a type may contain: its name, its type and how often it may stand there. */
export interface Particle {
  readonly name: string;
  readonly type: string;
  readonly min: number;
  readonly max: number;
}

/** The children of an element: all in this order, or exactly one of them. */
export interface ElementType {
  readonly kind: 'sequence' | 'choice';
  readonly particles: readonly Particle[];
}

const PARTICLE = /^(\w+)([?*+]|\{\d+,\d+\})?:(\w+)$/;

/**
 * The children of a type in their order, as `Name:Type` with `?` (0 to 1), `*` (0 or more), `+` (1 or more) or `{a,b}`
 * after the name. The notation keeps a type in a few lines, where one can be held against the schema.
 */
export function sequence(notation: string): ElementType {
  return { kind: 'sequence', particles: particlesOf(notation) };
}

/** Exactly one of the children stands there. */
export function choice(notation: string): ElementType {
  return { kind: 'choice', particles: particlesOf(notation) };
}

function particlesOf(notation: string): readonly Particle[] {
  return notation
    .trim()
    .split(/\s+/)
    .map((word) => {
      const match = PARTICLE.exec(word);
      assert(match?.[1] !== undefined && match[3] !== undefined, `a particle: ${word}`);
      return { name: match[1], type: match[3], ...occurrence(match[2] ?? '') };
    });
}

function occurrence(mark: string): { readonly min: number; readonly max: number } {
  if (mark === '') return { min: 1, max: 1 };
  if (mark === '?') return { min: 0, max: 1 };
  if (mark === '*') return { min: 0, max: Number.POSITIVE_INFINITY };
  if (mark === '+') return { min: 1, max: Number.POSITIVE_INFINITY };
  const [min, max] = mark.slice(1, -1).split(',').map(Number) as [number, number];
  return { min, max };
}
