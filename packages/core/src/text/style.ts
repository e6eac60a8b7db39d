import { styleText } from 'node:util'
import { allowed } from './gate.ts'

/** Colours, or none if they are not wanted. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  doubtful(text: string): string
  bad(text: string): string
}

export function createStyle(color: boolean): Style {
  const as = (format: Parameters<typeof styleText>[0]): ((text: string) => string) => {
    if (!color) return (text) => text
    const [begin = '', end = ''] = styleText(format, '|', { validateStream: false }).split('|').map(allowed)
    return (text) => begin + text + end
  }
  return { bold: as('bold'), dim: as('dim'), good: as('green'), doubtful: as('yellow'), bad: as('red') }
}
