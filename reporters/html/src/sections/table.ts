import { html, type Content, type Markup } from '../html.ts'

export interface Column {
  readonly title: string
  /** What it means, where the title alone does not say. */
  readonly help?: string
  /** Texts begin at the left, numbers end at the right. */
  readonly isText?: boolean
}

/** A table that scrolls by itself where the page is narrow. The first cell of a row is its heading. Columns without anything are left out. */
export function table(
  caption: Content,
  allColumns: readonly Column[],
  allRows: readonly (readonly Content[])[],
): Markup {
  const used = [...allColumns.keys()].filter(
    (at) => at === 0 || allRows.some((cells) => cells[at] !== undefined),
  )
  const columns = used.map((at) => allColumns[at]!)
  const rows = allRows.map((cells) => used.map((at) => cells[at]))
  const cell = (content: Content, at: number): Markup => {
    const isText = columns[at]?.isText === true
    if (at === 0) return html`<th scope="row">${content}</th>`
    return isText ? html`<td class="text">${content}</td>` : html`<td>${content}</td>`
  }
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, help, isText }, at) => {
            const label = help === undefined ? title : html`<abbr title="${help}">${title}</abbr>`
            return at === 0 || isText === true
              ? html`<th scope="col" class="text">${label}</th>`
              : html`<th scope="col">${label}</th>`
          })}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map(cell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

/** What is read only when it is looked for. */
export function details(id: string, summary: Content, content: Content): Markup {
  return html`<details id="${id}">
    <summary>${summary}</summary>
    ${content}
  </details>`
}
