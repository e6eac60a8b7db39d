import type { NumberVerdict } from '@cloudbench/core'
import { formatInterval, formatMeasure, isAtLeast, isSaturated, lookOf, signOf } from '@cloudbench/core/text'
import { html, type Content } from '../html.ts'

/** A number with a sign and a colour, as far as it is not to be taken as it is, and the codes that say why. */
export function marked(content: Content, number: NumberVerdict | undefined): Content {
  if (number === undefined) return content
  if (isSaturated(number))
    return html`<abbr class="invalid" title="TARGET_SATURATED: it grew for as long as the load went on"
      >saturated</abbr
    >`
  return signed(content, number, `${signOf(number)}${isAtLeast(number) ? '≥' : ''}`)
}

/** What was worked out from several numbers: as doubtful as the worst of them, and nothing where one says nothing. */
export function markedBy(content: Content, numbers: readonly (NumberVerdict | undefined)[]): Content {
  const known = numbers.filter((number) => number !== undefined)
  if (known.some(isSaturated)) return undefined
  const worst =
    known.find((number) => signOf(number) === '?') ?? known.find((number) => signOf(number) === '~')
  return worst === undefined ? content : signed(content, worst, signOf(worst))
}

function signed(content: Content, number: NumberVerdict, sign: string): Content {
  if (sign === '') return content
  return html`<span class="number ${lookOf(number)}" title="${number.codes.join(', ')}"
    >${sign}${content}</span
  >`
}

/** The 95 % interval of a number; undefined where there is none that says something. */
export function intervalOf(number: NumberVerdict | undefined, metric: string): string | undefined {
  if (number === undefined || number.metric !== metric || isAtLeast(number)) return undefined
  const text = formatInterval(number)
  return text === '' ? undefined : text
}

/** A value of a reason or a signal. */
export function measure(
  value: number | null | undefined,
  unit: Parameters<typeof formatMeasure>[1],
): Content {
  if (value === null || value === undefined) return undefined
  return html`<data value="${value}">${formatMeasure(value, unit)}</data>`
}
