/** What a terminal without Unicode shows in place of the signs that we use. One for one: columns stay aligned. */
const signs: Readonly<Record<string, string>> = {
  '–': '-',
  '…': '~',
  '·': '|',
  '×': 'x',
  '→': '>',
  '≥': '>',
  '∞': '?',
  µ: 'u',
  '✓': '+',
  '✗': 'x',
  '█': '#',
  '░': '.',
  '\u200E': '',
}

/** A text without signs of our own that need more than ASCII. Names stay as they are. */
export function plain(text: string): string {
  return text.replaceAll(/\P{ASCII}/gu, (sign) => signs[sign] ?? sign)
}
