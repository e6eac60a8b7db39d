import { CloudbenchError } from '@cloudbench/core'
import type { Signal } from './options.ts'

/** The variables of OpenTelemetry. Empty counts as unset, as its specification wants it. */
export class Environment {
  readonly #env: NodeJS.ProcessEnv

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  get(name: string): string | undefined {
    const value = this.#env[name]?.trim()
    return value === '' ? undefined : value
  }

  isTrue(name: string): boolean {
    return this.get(name)?.toLowerCase() === 'true'
  }

  /** That of the signal where it is set, else that of all signals. */
  ofSignal(
    signal: Signal,
    what: string,
  ): { readonly name: string; readonly value: string | undefined; readonly isOwn: boolean } {
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`
    const isOwn = this.get(own) !== undefined
    const name = isOwn ? own : `OTEL_EXPORTER_OTLP_${what}`
    return { name, value: this.get(name), isOwn }
  }

  oneOf<Value extends string>(values: readonly Value[], name: string): Value | undefined {
    const written = this.get(name)?.toLowerCase()
    if (written === undefined) return undefined
    const value = values.find((one) => one === written)
    if (value === undefined) throw this.refusal(name, values.join(' or '))
    return value
  }

  url(name: string): string {
    const value = this.get(name) ?? ''
    if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
    // it may have a password in it
    throw refusalOf(`${name} is no url of HTTP`, 'a url such as http://localhost:4318', `correct ${name}`)
  }

  refusal(name: string, expected: string, next = `correct ${name}`): CloudbenchError {
    return refusalOf(`${name} is ${JSON.stringify(this.get(name))}`, expected, next)
  }
}

function refusalOf(what: string, expected: string, next: string): CloudbenchError {
  return new CloudbenchError({ code: 'CB_PLUGIN_OPTIONS', what, expected, next })
}
