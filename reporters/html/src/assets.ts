import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What is the same in every page. It works without a build: the scripts are what a browser runs. */
export interface Assets {
  readonly script: string
  readonly style: string
  /** For the policy of the page: these and nothing else may run. */
  readonly scriptHash: string
  readonly styleHash: string
}

/** In this order: each may use what those before it define. */
const scripts = [
  'units',
  'colors',
  'axes',
  'line-chart',
  'heat-chart',
  'draw',
  'theme',
  'morph',
  'live',
  'main',
]

let read: Assets | undefined

export function assets(): Assets {
  read ??= readAssets()
  return read
}

function readAssets(): Assets {
  const own = (file: string): string => readFileSync(new URL(`../page/${file}`, import.meta.url), 'utf8')
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'))
  const theirs = (file: string): string => readFileSync(join(uplot, file), 'utf8')
  const script = [
    `/*\nuPlot\n${theirs('LICENSE')}*/`,
    theirs('dist/uPlot.iife.min.js'),
    '(() => {',
    "'use strict'",
    ...scripts.map((name) => own(`${name}.js`)),
    '})()',
  ].join('\n')
  const style = `${theirs('dist/uPlot.min.css')}\n${own('style.css')}`
  return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) }
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
