// `@cloudbench/core/text`: how quantities are written and read, and what to suggest for an unknown word.

export { formatClient } from './text/client.ts'
export { distinctNames } from './text/distinct-names.ts'
export { formatCount, formatDuration, formatPercentage, formatRate, formatSize } from './text/format.ts'
export { formatLoad } from './load/format-load.ts'
export { formatPlacement } from './agent/format-placement.ts'
export { didYouMean, nearest } from './text/suggest.ts'
export {
  parseCount,
  parseDuration,
  parsePercentage,
  parseRate,
  parseRatio,
  parseSize,
  parseSizeRate,
  parseWait,
} from './text/units.ts'
export { cut, padEnd, padStart, rowsOf, widthOf } from './text/width.ts'
export { createRedactor } from './config/redactor.ts'
export { redactText, redactValue } from './config/secret-text.ts'
export { createStyle, type Style } from './text/style.ts'
export { allowed, gate } from './text/gate.ts'
export { visible, visibleJson } from './text/visible.ts'
export {
  formatCoverage,
  formatInterval,
  formatMeasure,
  formatNumber,
  formatThreshold,
  formatWindow,
  isAtLeast,
  isSaturated,
  lookOf,
  markedNumber,
  numberOf,
  numberSigns,
  signOf,
  type Look,
} from './verdict/format-verdict.ts'
