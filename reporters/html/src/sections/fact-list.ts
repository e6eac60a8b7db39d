import { html, type Content, type Markup } from '../html.ts'

/** Names with a value each, side by side as far as there is room. */
export function factList(facts: readonly (readonly [name: string, value: Content])[]): Markup {
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}
