import { cpus, release, totalmem } from 'node:os'
import { canPin } from './pinning.ts'
import type { RowResult, Verdict } from './result.ts'
import type { Spread } from './statistics.ts'

/** Where it was measured, for whoever compares. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  readonly pinned: boolean
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    pinned: canPin,
  }
}

/** The part of the page about one row. */
export function section(result: RowResult): string {
  const memory = result.measures === 'memory'
  const head = memory
    ? ['| | heap + external | quartiles | RSS |', '| --- | ---: | ---: | ---: |']
    : ['| | median | quartiles |', '| --- | ---: | ---: |']
  const lines = result.sides.map(({ name, figure, rss }) => {
    const cells = [name, number(figure.median), quartiles(figure), ...(rss ? [number(rss.median)] : [])]
    return `| ${cells.join(' | ')} |`
  })
  return [
    `### ${result.title}`,
    '',
    `\`${result.name}\`, ${result.unit}, ${result.rounds} rounds${result.starts ? ` of ${result.starts} starts` : ''}. The bare side against itself: ${ratio(result.same.median)} (${ratio(result.same.low)} to ${ratio(result.same.high)}).${loadNote(result)}`,
    '',
    ...head,
    ...lines,
    '',
    ...verdictTable(result.verdicts),
  ].join('\n')
}

/** One line for the terminal. */
export function summary(result: RowResult): string {
  return result.verdicts
    .map((verdict) => {
      const { bar, estimate, holds } = verdict
      const figure = bar.kind === 'ratio' ? ratio(estimate.median) : number(estimate.median)
      const most = bar.kind === 'ratio' ? ratio(bar.most) : number(bar.most)
      return `${holds ? 'ok    ' : 'MISSED'}  ${result.name}: ${figure} (bar ${most}) against ${bar.against}`
    })
    .join('\n')
}

function verdictTable(verdicts: readonly Verdict[]): readonly string[] {
  if (verdicts.length === 0) return []
  const head = ['| mudwire against | | 95 % interval | bar | |', '| --- | ---: | ---: | ---: | --- |']
  return [...head, ...verdicts.map(verdictLine), '']
}

function verdictLine({ bar, estimate, holds }: Verdict): string {
  const show = bar.kind === 'ratio' ? ratio : number
  const against = { ratio: bar.against, added: `${bar.against}, difference`, absolute: 'the clock' }[bar.kind]
  const interval = `${show(estimate.low)} to ${show(estimate.high)}`
  return `| ${against} | ${show(estimate.median)} | ${interval} | ${show(bar.most)} | ${holds ? 'holds' : 'missed'} |`
}

/** A load that never waits measures itself: then the servers may have had an easier time than they would have. */
const BUSY = 0.9

function loadNote({ loadBusy }: RowResult): string {
  if (loadBusy === undefined) return ''
  const share = `${Math.round(loadBusy * 100)} %`
  return loadBusy > BUSY
    ? ` The load generator was the bottleneck: it was busy ${share} of the time.`
    : ` The load generator was busy ${share} of the time.`
}

function quartiles({ lowerQuartile, upperQuartile }: Spread): string {
  return `${number(lowerQuartile)} to ${number(upperQuartile)}`
}

function number(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}

function ratio(value: number): string {
  return value.toFixed(value < 0.5 ? 3 : 2)
}
