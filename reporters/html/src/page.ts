import { assets } from './assets.ts'
import { bodyOf } from './body.ts'
import type { Charts } from './charts/chart.ts'
import { escaped, render, scriptJson } from './html.ts'
import type { Report } from './report.ts'

/** The parts of a page that follow from a run. */
export interface Parts {
  readonly html: string
  /** As JSON. */
  readonly charts: string
  readonly title: string
}

export function partsOf(report: Report, redact: (text: string) => string): Parts {
  const { content, charts } = bodyOf(report)
  const state = report.result?.reason ?? 'running'
  return {
    html: render(content, redact),
    charts: chartsJson(charts, redact),
    title: `${state}: ${redact(report.run.name)} ${report.run.id}`,
  }
}

/**
 * One file that needs nothing else. Its policy forbids every request, and every script but its own.
 *
 * @param events Where a page of a run that goes on hears of it.
 */
export function pageOf({ html, charts, title }: Parts, events?: string): string {
  const { script, style } = assets()
  return `<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(events !== undefined)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body${events === undefined ? '' : ` data-events="${escaped(events)}"`}>
<div class="page">
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><span class="brand">cloudbench</span><button id="theme" type="button" hidden>Theme: auto</button></header>
<p id="live" role="status" hidden></p>
<div id="body">${html}</div>
<footer><p>Times are from when a request was due (response) or sent (service). Percentiles have three significant digits.</p></footer>
</div>
<script type="application/json" id="data">${scriptJson(charts)}</script>
<script>${script}</script>
</body>
</html>
`
}

export function policyOf(isLive: boolean): string {
  const { scriptHash, styleHash } = assets()
  const policy = [
    "default-src 'none'",
    `script-src ${scriptHash}`,
    `style-src ${styleHash}`,
    ...(isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return policy.join('; ')
}

/** Labels are foreign; the other texts are words of ours. */
function chartsJson(charts: Charts, redact: (text: string) => string): string {
  return JSON.stringify(charts, (key, value: unknown) =>
    key === 'label' && typeof value === 'string' ? redact(value) : value,
  )
}
