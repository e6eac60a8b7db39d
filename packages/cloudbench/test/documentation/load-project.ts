// prints the names of the scenarios that the project in this folder would run, as JSON. Arguments: baselines.
import { pathToFileURL } from 'node:url'
import { importPlugin, makePlan, parseOptions, resolvePlugin, workloadOf } from '@cloudbench/core/program'
import { createCommandContext } from '../../src/command-context.ts'
import { loadSettings } from '../../src/settings.ts'

const settings = await loadSettings(createCommandContext(), { baseline: process.argv.slice(2) })
const { scenarios, environment, reporters } = makePlan(settings)
const find = (specifier: string, kind: 'driver' | 'environment' | 'reporter'): string =>
  resolvePlugin(specifier, kind, {
    from: pathToFileURL(`${process.cwd()}/`).href,
    bundledFrom: import.meta.url,
  })

for (const flow of scenarios.flatMap(({ flows }) => flows)) {
  const driver = await importPlugin(find(flow.driver, 'driver'), 'driver')
  const workload = workloadOf(driver, flow.workload)
  await parseOptions(`${driver.name} ${workload.name}`, workload.options, flow.options)
}
for (const { specifier, options } of environment) {
  const plugin = await importPlugin(find(specifier, 'environment'), 'environment')
  await parseOptions(plugin.name, plugin.options, options)
}
for (const reporter of reporters) {
  if (!('specifier' in reporter)) continue
  const plugin = await importPlugin(find(reporter.specifier, 'reporter'), 'reporter')
  await parseOptions(plugin.name, plugin.options, reporter.options)
}
console.log(JSON.stringify(scenarios.map(({ id }) => id)))
