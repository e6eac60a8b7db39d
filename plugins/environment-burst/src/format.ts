/** `0.2` as `20 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}
