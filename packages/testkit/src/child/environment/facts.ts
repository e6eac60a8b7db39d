import type { Facts } from '@cloudbench/core'
import { factVocabulary } from '@cloudbench/core/program'
import { fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { openSubject } from './subject.ts'

interface Known {
  readonly name: string
  readonly type: string
}

/** How a name sounds, whatever stands between its words: `cpuCount`, `cpu_count` and `CPU.count` are one. */
function sound(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
}

const known = new Map<string, Known>(
  Object.entries(factVocabulary).flatMap(([name, declared]) => {
    const names = 'otel' in declared && declared.otel !== null ? [name, declared.otel] : [name]
    return names.map((spelled) => [sound(spelled), { name, type: declared.type }] as const)
  }),
)

/** Looks for facts that the vocabulary calls otherwise, or has another type for. */
export async function probeFacts(job: EnvironmentJob): Promise<readonly string[]> {
  const { discover } = await openSubject(job)
  const facts = await discover()
  if (facts === undefined) return ['not tried: the environment has no discover']
  expectKnownNames(facts)
  return []
}

function expectKnownNames(facts: Facts): void {
  for (const [written, value] of Object.entries(facts)) {
    const fact = known.get(sound(written))
    if (fact === undefined) continue
    if (fact.name !== written)
      throw fault({
        what: `discover calls a fact ${written} that the vocabulary calls ${fact.name}`,
        expected: 'the names of the vocabulary, by which reporters and other plugins find a fact',
        next: `'${fact.name}': …`,
      })
    if (typeof value !== fact.type)
      throw fault({
        what: `the fact ${written} is ${JSON.stringify(value)}, a ${typeof value}`,
        expected: `a ${fact.type}, as the vocabulary has it`,
        next: 'convert it, or leave it out where it cannot be found out',
      })
  }
}
