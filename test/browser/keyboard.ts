import type { Page } from 'playwright-core';

interface Focused {
  readonly id: string;
  readonly tag: string;
  /** A ring of at least 2 px around the element, or around the choice it stands in. */
  readonly ringed: boolean;
  /** Wholly on the screen (WCAG 2.2, 2.4.11). */
  readonly onScreen: boolean;
}

/** A person with a keyboard and no mouse. Every stop on the way is held to be visible. */
export interface Keyboard {
  /** Presses Tab until the element has the focus. */
  tabTo(id: string): Promise<void>;
  type(text: string): Promise<void>;
  press(key: 'Enter' | 'Space' | 'ArrowDown'): Promise<void>;
  /** What has the focus now. */
  focused(): Promise<Focused>;
}

const MOST_STOPS = 40;

export function keyboardOf(page: Page): Keyboard {
  const focused = (): Promise<Focused> =>
    page.evaluate(() => {
      const element = document.activeElement ?? document.body;
      const ring = (one: Element): boolean => {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      };
      const holder = element.closest('.choice');
      const { top, bottom } = element.getBoundingClientRect();
      return {
        id: element.id,
        tag: element.tagName.toLowerCase(),
        ringed: ring(element) || (holder !== null && ring(holder)),
        onScreen: top >= 0 && bottom <= innerHeight,
      };
    });
  return {
    focused,
    tabTo: async (id) => {
      const passed: string[] = [];
      for (let stop = 0; stop < MOST_STOPS; stop += 1) {
        await page.keyboard.press('Tab');
        const now = await focused();
        if (now.tag === 'body') continue;
        const name = now.id === '' ? now.tag : now.id;
        if (!now.ringed) throw new Error(`the focus on ${name} cannot be seen`);
        if (!now.onScreen) throw new Error(`the focus on ${name} is outside the screen`);
        if (now.id === id) return;
        passed.push(name);
      }
      throw new Error(`Tab never comes to ${id}; it comes to ${passed.join(', ')}`);
    },
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
  };
}
