import { visible } from '@cloudbench/core/text'

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/
/** Takes no room, and keeps the numbers after a name from being set to its left. */
const leftToRight = '\u200E'

/** A name that users chose, as something to print: it moves neither the cursor nor what follows. */
export function nameOf(text: string): string {
  const shown = visible(text)
  return rightToLeft.test(shown) ? `${shown}${leftToRight}` : shown
}
