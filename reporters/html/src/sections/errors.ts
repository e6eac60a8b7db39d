import type { RunError } from '@cloudbench/core'
import { html, type Content } from '../html.ts'

/** What went wrong outside the target. */
export function errorList(errors: readonly RunError[]): Content {
  if (errors.length === 0) return undefined
  return html`<ul class="errors">
    ${errors.map(
      ({ source, during, message }) =>
        html`<li>
          <p><strong>${source}</strong>, ${during}</p>
          <pre tabindex="0">${message}</pre>
        </li>`,
    )}
  </ul>`
}
