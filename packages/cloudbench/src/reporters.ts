import { resolve } from 'node:path'
import { parseRef, type WrittenRef } from '@cloudbench/core/program'

/** A result file, and nothing on the terminal. */
export const fileOnly = ['json', { stdout: false }] satisfies WrittenRef

/** Reads `--reporter name`, `name=file` or `[name, {option: value}]`. */
export function parseReporters(texts: readonly string[], folder: string): WrittenRef[] {
  return texts.map((text) => {
    const [, name, file] = text.trimStart().startsWith('[') ? [] : (/^([^=]+)=(.+)$/s.exec(text) ?? [])
    // a typed path is relative to the current folder, or to the one that was typed for all output
    return name === undefined ? parseRef(text, '--reporter') : [name, { file: resolve(folder, file!) }]
  })
}

/** Adds a result file, whatever else was chosen. */
export function withResultFile(chosen: readonly WrittenRef[]): readonly WrittenRef[] {
  const writesIt = chosen.some((written) => {
    const name = typeof written === 'string' ? written : written[0]
    return name === 'json' || name === '@cloudbench/reporter-json'
  })
  return writesIt ? chosen : [...chosen, fileOnly]
}
