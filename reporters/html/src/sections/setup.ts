import { html, type Content } from '../html.ts'
import type { Report } from '../report.ts'
import { facts, valueText } from './facts.ts'
import { table } from './table.ts'

/** What was configured and where, on which machines, with which plugins. */
export function setup({ run }: Report): Content {
  const { configuration = [], machines, plugins, configDigest, merged } = run
  return html`<section id="setup" class="card" aria-labelledby="setup-title">
    <h2 id="setup-title">Setup</h2>
    <h3>Configuration</h3>
    ${
      configuration.length === 0
        ? html`<p class="hint">The result does not say what was configured.</p>`
        : table(
            'Every setting, and where it was made',
            [{ title: 'setting' }, { title: 'value', isText: true }, { title: 'from', isText: true }],
            configuration.map(({ path, value, origin }) => [path, valueText(value), origin]),
          )
    }
    <p class="hint">Digest <code class="digest">${configDigest}</code></p>
    <h3>Machines</h3>
    ${facts(machines.map(({ name, facts: own }) => ({ title: `machine ${name}`, facts: own })))}
    ${
      plugins.length > 0 &&
      table(
        'Plugins',
        [{ title: 'plugin' }, { title: 'kind', isText: true }, { title: 'version', isText: true }],
        plugins.map(({ name, kind, version }) => [name, kind, version ?? '–']),
      )
    }
    ${
      merged !== undefined &&
      html`<h3>Runs</h3>
        <ul>
          ${merged.map((id) => html`<li>${id}</li>`)}
        </ul>`
    }
  </section>`
}
