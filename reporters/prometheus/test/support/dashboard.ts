import { readFileSync } from 'node:fs'

interface Target {
  readonly expr: string
  readonly refId: string
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly Target[]
}

interface Variable {
  readonly name: string
  readonly type: string
  readonly query: unknown
}

export interface Dashboard {
  readonly title: string
  readonly uid: string
  readonly schemaVersion: number
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly Variable[] }
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
}

export const documents = new URL('../../../../docs/', import.meta.url)

/** The dashboard of the documentation. */
export const dashboard = JSON.parse(
  readFileSync(new URL('grafana/cloudbench.json', documents), 'utf8'),
) as Dashboard

/** Every expression in it, and what Grafana puts in for its variables. */
export function expressionsOf({ panels, annotations }: Dashboard): { title: string; expr: string }[] {
  const written = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
    ...annotations.list.map(({ expr }) => ({ title: 'annotations', expr })),
  ]
  return written.map(({ title, expr }) => ({
    title,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/"\$(job|scenario|cluster)"/g, '".*"'),
  }))
}
