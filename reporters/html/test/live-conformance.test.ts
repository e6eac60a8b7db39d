import { testReporter } from '@cloudbench/testkit'
import { test } from 'vitest'

testReporter({ test, reporter: new URL('../src/index.ts', import.meta.url), options: { ui: true } })
