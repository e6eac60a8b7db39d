import type { Examination } from './examine.ts'
import { countsOf } from './finding.ts'

/** The same as on the page. Keys stay: scripts read them. */
export function doctorJson({ findings, survey, notAsked }: Examination, version: string): object {
  const { good, doubtful, bad } = countsOf(findings, survey)
  return {
    version,
    counts: { good, doubtful, bad },
    findings: findings.map(({ state, what, advice }) => ({ state, what, advice: advice ?? null })),
    machine: survey?.machine ?? null,
    environments: [
      ...(survey?.environments.map(({ name, isConfigured }) => ({ name, isConfigured, isAsked: true })) ??
        []),
      ...notAsked.map((name) => ({ name, isConfigured: false, isAsked: false })),
    ],
    facts: survey?.facts ?? {},
    derived: (survey?.derived ?? []).map(
      ({ environment, path, value, reason, isConfigured, overriddenBy }) => ({
        environment,
        path,
        value,
        reason,
        isConfigured,
        overriddenBy: overriddenBy ?? null,
      }),
    ),
    advice: (survey?.advice ?? []).map(({ environment, what, why, how, state = 'doubtful', change }) => ({
      environment,
      state,
      what,
      why,
      how,
      change: change ?? null,
    })),
    workers: (survey?.workers ?? []).map(({ command, env, attribution }) => ({ command, env, attribution })),
    signals: (survey?.signals ?? []).map(({ name, kind, environment, hasValue, missing }) => ({
      name,
      kind,
      environment: environment ?? null,
      hasValue,
      missing: missing ?? null,
    })),
  }
}
