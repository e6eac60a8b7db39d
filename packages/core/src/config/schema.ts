import { z } from '@cloudbench/schema'
import { CloudbenchError } from '../errors.ts'
import type { Plugin } from '../hooks/lifecycle.ts'
import { mapEach } from '../metrics/record.ts'
import { didYouMean } from '../text/suggest.ts'
import { parseCount, parseRate, parseRatio, parseWait } from '../text/units.ts'
import { defaultValues } from './default-values.ts'
import type { InlineReporter } from './plan.ts'
import { hasReference } from './secrets.ts'
import { thresholdUnits } from './threshold-units.ts'
import { parseThreshold, thresholdKinds } from './threshold.ts'

/** A quantity with a unit. One with `${…}` in it is checked once that is resolved. */
function quantity(
  parse: (text: string | number) => unknown,
  description: string,
  examples: readonly (string | number)[],
) {
  return z
    .union([z.string(), z.number()])
    .superRefine((value, context) => {
      if (typeof value === 'string' && hasReference(value)) return
      try {
        parse(value)
      } catch (error) {
        if (!(error instanceof CloudbenchError)) throw error
        const { message, expected, next } = error
        context.addIssue({ code: 'custom', message, params: { code: error.code, expected, next } })
      }
    })
    .meta({ description, examples: [...examples] })
}

const { defaults: values } = defaultValues

const duration = (description: string) => quantity(parseWait, description, ['30s', '500ms', '5m'])
const positive = (description: string) => quantity(parseWhole(1), description, [10, 64])

/** Reads a whole number of at least `least`, such as `10k`. */
export function parseWhole(least: number): (text: string | number) => number {
  return (text) => {
    const value = parseCount(text)
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${text} is not allowed here`,
      expected: `a whole number, at least ${least}`,
    })
  }
}

/** Reads a number of workers, or `auto`. */
export function parseWorkers(text: string | number): number | 'auto' {
  return text === 'auto' ? text : parseWhole(1)(text)
}

/** Reads how many requests are sampled, or `off`. */
export function parseSampling(text: string | number): number | 'off' {
  return text === 'off' ? text : parseRatio(text)
}

const id = z.string().min(1)
const options = z.record(z.string(), z.unknown())

const dispatches = ['tick', 'hybrid', 'spin', 'timer'] as const

const pluginRef = z.union([
  z.string().min(1),
  z.tuple([z.string().min(1)]),
  z.tuple([z.string().min(1), options]),
])

const conditions = z.record(z.string(), z.string())
/** What they add is in `presets.ts`. */
const presetNames: readonly string[] = ['consistency', 'off']
const checks = conditions.meta({
  description:
    'Thresholds by metric. A check that does not hold fails the run; `off` removes one that would apply otherwise, such as the built-in errors.rate: < 1%.',
  examples: [{ 'response.p99': '< 25ms', 'errors.rate': '<= 0.1%' }],
})
const checksWithPreset = conditions
  .superRefine(({ preset }, context) => {
    if (preset === undefined || presetNames.includes(preset)) return
    const params = { next: didYouMean(preset, presetNames) }
    context.addIssue({ code: 'custom', path: ['preset'], message: `there is no preset ${preset}`, params })
  })
  .meta({
    ...checks.meta(),
    properties: {
      preset: { enum: presetNames, description: 'Adds checks and alerts; what is written beside it wins.' },
    },
  })

const stage = z.strictObject({
  duration: duration('How long it takes to reach the rate. 0 is a step.'),
  rate: quantity(parseRate, 'The rate at the end of the stage.', ['500/s']),
})

const phase = z.strictObject({
  name: id.meta({ description: 'Names the phase in reports.' }),
  kind: z
    .enum(['warmup', 'measure'])
    .optional()
    .meta({ description: 'Only phases of kind `measure` count.', default: 'measure' }),
  duration: duration('How long the phase lasts.'),
  rate: quantity(parseRate, 'Overrides the rate of the only flow.', ['500/s']).optional(),
  connections: positive('Overrides the connections of the only flow.').optional(),
})

/** The settings of a flow's load that can have a default. */
const load = {
  rate: quantity(parseRate, 'Requests per second over all workers (open loop). Absent: a closed loop.', [
    '500/s',
    '30/m',
  ]).optional(),
  connections: positive(`Connections over all workers. @default ${values.connections}`).optional(),
  arrivals: z
    .enum(['constant', 'poisson'])
    .optional()
    .meta({ description: 'How an open loop spreads requests over time.', default: values.arrivals }),
  think: duration('In a closed loop, how long a connection waits after an answer.').optional(),
}

/** What a flow is made of. On a scenario they describe its only flow. */
const flowOnly = {
  target: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The name of a target, or, together with `driver`, a URL.' }),
  driver: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The driver plugin. Absent: the driver of the target.' }),
  workload: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'What the driver does. Absent: its first workload.' }),
  options: options
    .optional()
    .meta({ description: 'Options of the workload. They override those of the target.' }),
  ...load,
  stages: z.array(stage).min(1).optional().meta({
    description: 'The rate over time: starts at `rate`, or 0, and changes linearly to that of each stage.',
  }),
}

const traceDescription = 'W3C Trace Context: every request has a trace id, which the target is told.'
const sampling = quantity(
  parseSampling,
  'The share of requests that is sampled. 0: the target is told, and none is sampled; `off`: no trace ids.',
  ['1/100', '1%', 'off'],
)

const tracing = {
  ratio: sampling.optional(),
  propagate: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the target is told: a header `traceparent`, or the like.', default: true }),
}

const verdictDescription =
  'How the measurement is judged: which numbers may be relied on, and what becomes of those that may not.'
const required = z.enum(['valid', 'suspect']).meta({
  description: 'What numbers have to be, at worst. `valid`: suspect and unknown ones are invalid as well.',
  default: 'suspect',
})

/** One for each unit, however many thresholds have it. */
const threshold = mapEach(thresholdKinds, (unit, { examples }) => {
  const value = (what: string) => quantity((text) => parseThreshold(text, unit), what, examples).optional()
  return z.strictObject({ suspect: value('Suspect above this.'), invalid: value('Invalid above this.') })
})

const thresholdsMeta = {
  description:
    'Instead of built-in ones, by what they are for. `off`: it does not count. What is not written stays as it is.',
  examples: [{ steal: { suspect: '2%', invalid: '10%' }, ioPressure: 'off' }],
}

const judging = {
  require: required.optional(),
  allowInvalid: z
    .boolean()
    .optional()
    .meta({ description: 'Judges invalid numbers as if they were valid, and says so.', default: false }),
  thresholds: z
    .strictObject(mapEach(thresholdUnits, (_, unit) => threshold[unit].optional()))
    .optional()
    .meta(thresholdsMeta),
}

/** With `off` for a threshold as a whole. */
const authoredThreshold = mapEach(threshold, (unit, both) =>
  z.union([z.literal('off'), both]).meta({ id: `${unit}Threshold` }),
)
const authoredJudging = z
  .strictObject({
    ...judging,
    thresholds: z
      .strictObject(mapEach(thresholdUnits, (_, unit) => authoredThreshold[unit].optional()))
      .optional()
      .meta(thresholdsMeta),
  })
  .meta({ id: 'verdict' })

const logDescription = 'The request log: a file with every request, or with a share of them.'
const logged = z.union([
  z.boolean(),
  quantity(parseSampling, 'The share of requests that is logged. `true`: all; `false` or `off`: no log.', [
    '1/1',
    '1/100',
    '1%',
  ]),
])
const logging = { sample: logged.optional() }

/** How a scenario is run. Each can have a default. */
const execution = {
  duration: duration(`How long to measure. @default ${values.duration}`).optional(),
  warmup: duration(`How long to load before measuring. 0s for none. @default ${values.warmup}`).optional(),
  workers: quantity(
    parseWorkers,
    `Load worker processes. auto: as many as the load takes, by running it with one for two seconds. @default ${values.workers}`,
    [4, 'auto'],
  ).optional(),
  seed: quantity(
    parseWhole(0),
    `The same seed makes the same requests. @default ${values.seed}`,
    [1],
  ).optional(),
  interval: duration(
    `The width of one point in live output and time series. @default ${values.interval}`,
  ).optional(),
  drain: duration(
    `How long late requests may still be sent and answered. @default ${values.drain}`,
  ).optional(),
  timeout: duration(`After this long a request counts as timed out. @default ${values.timeout}`).optional(),
  patience: duration(
    `How long a driver may take to connect (at most 30s), prepare, audit or clean up. @default ${values.patience}`,
  ).optional(),
  dispatch: z
    .enum(dispatches)
    .optional()
    .meta({ description: 'How a worker waits for the next arrival.', default: values.dispatch }),
  trace: z.strictObject(tracing).optional().meta({ description: traceDescription }),
  log: z.strictObject(logging).optional().meta({ description: logDescription }),
  verdict: z.strictObject(judging).optional().meta({ description: verdictDescription }),
  checks: checksWithPreset.optional(),
  alerts: conditions.optional().meta({
    description:
      'What must not happen, by metric: an alert fails the run. With `for` it has to last; without, it is judged over the whole measurement.',
    examples: [{ rate: '< 850/s for 3m', residency: 'falling' }],
  }),
  abort: conditions.optional().meta({
    description: 'What ends the scenario, and fails it, as soon as it has lasted.',
    examples: [{ 'errors.rate': '> 20% for 10s' }],
  }),
}

const flow = z.strictObject({ ...flowOnly, checks: checks.optional() })

const flowsDescription =
  'Workloads that run at the same time, by name. A single one can be written directly here.'
const phasesDescription = 'Instead of `duration` and `warmup`: each phase separately.'

const scenarioOnly = {
  description: z.string().optional().meta({ description: 'One line that reports show.' }),
  flows: z.record(id, flow).optional().meta({ description: flowsDescription }),
  ...execution,
  phases: z.array(phase).min(1).optional().meta({ description: phasesDescription }),
  clients: z
    .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
    .optional()
    .meta({
      description:
        'Runs the scenario once for each of these clients of its driver, one after another on the same target, and compares what they cost. `all`: every one that is installed.',
      examples: ['all', ['wire', 'ioredis']],
    }),
  tags: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: 'Labels: `--tag` selects by them, and reports show them.' }),
}

const target = z.strictObject({
  driver: z
    .string()
    .min(1)
    .meta({ description: 'The driver plugin.', examples: ['nats', '@acme/load', './drivers/mine.ts'] }),
  url: z.string().min(1).optional().meta({
    description: '`auto` or absent: a service found or started here. `loopback`: the driver’s own server.',
  }),
  zone: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'The zone that it is in, for alerts on calls across zones.',
      examples: ['eu-central-1a'],
    }),
  options: options.optional().meta({ description: 'Options of the driver, for every flow on this target.' }),
})

const defaultsDescription = 'Settings for every scenario that does not override them.'

const top = {
  name: z.string().min(1).optional().meta({ description: 'Names the run in reports.' }),
  defaults: z
    .strictObject({ ...load, ...execution })
    .optional()
    .meta({ description: defaultsDescription }),
  environment: z
    .array(pluginRef)
    .optional()
    .meta({ description: 'Environment plugins, in the order they apply.' }),
  output: z
    .string()
    .min(1)
    .optional()
    .meta({ description: `The folder for results. @default ${defaultValues.output}` }),
}

const inlineReporter = z.custom<InlineReporter>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { message: 'is neither the name of a reporter nor a reporter' },
)
const inlinePlugin = z.custom<Plugin>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Plugin).name === 'string' &&
    typeof (value as Plugin).hooks === 'object',
  { message: 'is not a plugin: it has no name or no hooks' },
)

const moduleOnly = {
  reporters: z
    .array(z.union([pluginRef, inlineReporter]))
    .optional()
    .meta({ description: 'Where results go.' }),
  plugins: z.array(inlinePlugin).optional().meta({ description: 'Hooks written in the config file.' }),
}

/** The configuration with every short form written out. This is what is merged, printed and checked. */
export const configSchema = z.strictObject({
  ...top,
  ...moduleOnly,
  targets: z.record(id, target).optional().meta({ description: 'The targets of the load, by name.' }),
  scenarios: z
    .record(id, z.strictObject(scenarioOnly))
    .optional()
    .meta({ description: 'The scenarios, by name.' }),
})

/** A driver as users write it: with its options beside it. */
const driverRef = z.union([z.string().min(1), z.tuple([z.string().min(1), options])]).meta({
  description: 'The driver plugin, or the plugin and its options.',
})
const authoredPhase = z.union([
  phase,
  phase.omit({ duration: true }).extend({ durationMs: z.number().positive() }).strict(),
])
/** One value alone, or with more beside it. */
const authoredValues = {
  trace: z
    .union([sampling, z.strictObject(tracing)])
    .optional()
    .meta({ description: traceDescription }),
  log: z
    .union([logged, z.strictObject(logging)])
    .optional()
    .meta({ description: logDescription }),
  verdict: z.union([required, authoredJudging]).optional().meta({ description: verdictDescription }),
}
const authoredFlowOnly = { ...flowOnly, driver: driverRef.optional() }
export const authoredFlowSchema = z.strictObject({ ...authoredFlowOnly, checks: checks.optional() })
const authoredScenarioShape = {
  ...scenarioOnly,
  ...authoredFlowOnly,
  ...authoredValues,
  flows: z.record(id, authoredFlowSchema).optional().meta({ description: flowsDescription }),
  phases: z.array(authoredPhase).min(1).optional().meta({ description: phasesDescription }),
}

/** What `config/targets/*` may hold. The driver may come from a lower layer. */
export const authoredTargetSchema = z.strictObject({ ...target.shape, driver: driverRef.optional() })
/** What `config/scenarios/*` may hold. */
export const authoredScenarioSchema = z.strictObject(authoredScenarioShape)

const authoredTop = {
  ...authoredScenarioShape,
  ...top,
  defaults: z
    .strictObject({ ...load, ...execution, ...authoredValues })
    .optional()
    .meta({ description: defaultsDescription }),
  targets: z
    .record(id, authoredTargetSchema)
    .optional()
    .meta({ description: 'The targets of the load, by name.' }),
  scenarios: z.record(id, authoredScenarioSchema).optional().meta({ description: 'The scenarios, by name.' }),
}
/** What `config/baseline/*` may hold. */
export const authoredBaselineSchema = z.strictObject({
  ...authoredTop,
  reporters: z.array(pluginRef).optional().meta({ description: 'Where results go.' }),
})
/** What `cloudbench.config.*` may hold. */
export const authoredConfigSchema = z.strictObject({ ...authoredTop, ...moduleOnly })

/** Keys that describe the only flow when written on a scenario. */
export const flowKeys: readonly string[] = Object.keys(flowOnly)
/** Keys that describe the only scenario when written at the top. */
export const scenarioKeys: readonly string[] = [...new Set([...flowKeys, ...Object.keys(scenarioOnly)])]

/** The whole configuration, short forms expanded, as it is printed. */
export type ConfigTree = z.output<typeof configSchema>
/** The effective `defaults`: what is not written has its built-in value. */
export type Defaults = WrittenDefaults & {
  readonly [Name in keyof typeof values]: NonNullable<WrittenDefaults[Name]>
}
type WrittenDefaults = NonNullable<ConfigTree['defaults']>
export type ScenarioTree = NonNullable<ConfigTree['scenarios']>[string]
export type FlowTree = NonNullable<ScenarioTree['flows']>[string]
export type TargetTree = NonNullable<ConfigTree['targets']>[string]
/** A configuration as users write it, short forms included. */
export type Config = z.input<typeof authoredConfigSchema>
