import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asBranch,
  emptyTree,
  fromValue,
  leavesOf,
  merge,
  mergeAll,
  toValue,
  type Branch,
} from '../../src/config/tree.ts'

const key = fc.constantFrom('a', 'b', 'c', 'constructor', 'toString')
const scalar = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 2 }),
)
const { value } = fc.letrec((tie) => ({
  value: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, scalar, tie('value')), { maxKeys: 4 }),
}))

let layers = 0
const layer = value.map((written) => {
  const origin = { text: `layer ${++layers}` }
  return asBranch(fromValue(written, () => origin))
})

/** What matters: every value with its origin. */
function contents(tree: Branch): unknown {
  return [...leavesOf(tree)]
    .map(({ path, leaf }) => [path.join('.'), leaf.value, leaf.origin.text])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}

describe('merging', () => {
  it('is associative', () => {
    fc.assert(
      fc.property(layer, layer, layer, (a, b, c) => {
        const left = asBranch(merge(merge(a, b), c))
        const right = asBranch(merge(a, merge(b, c)))
        expect(contents(left)).toEqual(contents(right))
        expect(toValue(left)).toEqual(toValue(right))
      }),
    )
  })

  it('has the empty tree as its identity', () => {
    fc.assert(
      fc.property(layer, (a) => {
        expect(contents(asBranch(merge(a, emptyTree)))).toEqual(contents(a))
        expect(contents(asBranch(merge(emptyTree, a)))).toEqual(contents(a))
      }),
    )
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(layer, (a) => {
        expect(contents(asBranch(merge(a, a)))).toEqual(contents(a))
      }),
    )
  })

  it('lets the later layer win, and its origin with it', () => {
    fc.assert(
      fc.property(layer, layer, (a, b) => {
        const merged = new Map(
          [...leavesOf(merge(a, b))].map(({ path, leaf }) => [JSON.stringify(path), leaf]),
        )
        for (const { path, leaf } of leavesOf(b)) expect(merged.get(JSON.stringify(path))).toBe(leaf)
        const origins = new Set([...leavesOf(a), ...leavesOf(b)].map(({ leaf }) => leaf))
        for (const leaf of merged.values()) expect(origins.has(leaf)).toBe(true)
      }),
    )
  })

  it('merges objects, replaces arrays, and removes what is null', () => {
    const [lower, upper] = [
      { a: { x: 1, y: [1, 2] }, b: { z: 1 }, c: 1 },
      { a: { y: [3] }, b: null, c: { d: 2 } },
    ].map((written, at) => asBranch(fromValue(written, () => ({ text: String(at) }))))
    expect(toValue(mergeAll([lower!, upper!]))).toEqual({ a: { x: 1, y: [3] }, c: { d: 2 } })
  })
})

describe('many layers at once', () => {
  it('are the same as one after the other', () => {
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 6 }), (several) => {
        let tree = emptyTree
        for (const next of several) tree = asBranch(merge(tree, next))
        expect(contents(asBranch(mergeAll(several)))).toEqual(contents(tree))
        expect(toValue(mergeAll(several))).toEqual(toValue(tree))
      }),
    )
  })
})
