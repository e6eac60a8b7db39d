// what the scripts of the page share, for the type checker alone: they run one after another in one function

type UPlot = import('uplot')
declare const uPlot: typeof import('uplot')
type Chart = import('../src/charts/chart.ts').Chart
type LineChart = import('../src/charts/chart.ts').LineChart
type HeatChart = import('../src/charts/chart.ts').HeatChart
type Unit = import('../src/charts/chart.ts').Unit
type Ending = import('../src/live/ending.ts').Ending
/** What a page that follows a run is told, whole each time, so that one that missed some needs only the last. */
interface LiveState {
  readonly html: string
  readonly charts: Record<string, Chart>
  readonly title: string
}
interface Drawn {
  readonly plot: UPlot
  chart: Chart
}
