// what the scripts of the page share, for the type checker alone: they run one after another in one function

type UPlot = import('uplot')
declare const uPlot: typeof import('uplot')
type Chart = import('../src/charts/chart.ts').Chart
type LineChart = import('../src/charts/chart.ts').LineChart
type HeatChart = import('../src/charts/chart.ts').HeatChart
type Unit = import('../src/charts/chart.ts').Unit
type LiveState = import('../src/live/state.ts').LiveState
interface Drawn {
  readonly plot: UPlot
  chart: Chart
}
