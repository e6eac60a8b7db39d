import { CloudbenchError } from '@cloudbench/core'
import type { Method } from '../wire/method.ts'

const fitting: Readonly<Record<string, readonly Method['kind'][]>> = {
  unary: ['unary'],
  stream: ['server_streaming', 'client_streaming', 'bidi_streaming'],
  json: ['unary', 'server_streaming'],
}

/** @throws CloudbenchError when the workload cannot call methods of this kind. */
export function assertKind({ name, kind }: Method, workload: string): void {
  if (fitting[workload]!.includes(kind)) return
  const kindName = kind.replace('_', ' ')
  throw new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what: `${name} is a ${kindName} method, which the workload ${workload} cannot call`,
    expected: `a method that is ${fitting[workload]!.map((one) => one.replace('_', ' ')).join(' or ')}`,
    next: kind === 'unary' ? 'use the workload unary or json' : 'use the workload stream',
  })
}
