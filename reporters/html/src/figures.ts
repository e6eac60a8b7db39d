import { formatDuration, formatPercentage, formatRate, formatSize } from '@cloudbench/core/text'
import { html, type Content } from './html.ts'

/**
 * Numbers as people read them. The exact one is in the markup, where a program finds it: times in nanoseconds, sizes in bytes,
 * rates per second, shares of 1.
 */
const figure = (value: number, text: string): Content =>
  Number.isFinite(value) ? html`<data value="${value}">${{ strings: [text], values: [] }}</data>` : '–'

export const timeText = (ns: number): string => formatDuration(ns / 1e6)
export const time = (ns: number): Content => figure(ns, timeText(ns))
export const count = (value: number): Content => figure(value, grouped(value))
export const rate = (perSecond: number): Content => figure(perSecond, formatRate(perSecond, 4))
export const share = (value: number): Content => figure(value, formatPercentage(value))
export const size = (bytes: number): Content => figure(bytes, formatSize(bytes))

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** `1,234,567`: counts are compared to the request. */
function grouped(value: number): string {
  return whole.format(value)
}
