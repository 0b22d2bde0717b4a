import type { Clock } from '../clock.ts'

/** A clock that stands still until a test moves it. Give it to the driver and to the transport: `createDriver(clock)`. */
export interface DrivenClock extends Clock {
  /** Runs what was deferred, and what that defers in turn, until nothing is left. */
  run(): void
  /** Runs the tasks that are deferred now, and none that they defer. False: there were none. */
  step(): boolean
  /** Lets time pass: every timer that becomes due is called at its own time, and deferred tasks in between. */
  advance(ms: number): void
}

interface Timer {
  readonly at: number
  readonly task: () => void
}

/** More turns than this without an end are a loop in what is being tested. */
const MOST_TURNS = 100_000

/** Makes a clock that stands at 0 until a test moves it. */
export function drivenClock(): DrivenClock {
  let time = 0
  let deferred: (() => void)[] = []
  const timers = new Set<Timer>()

  const nextTimer = (until: number): Timer | undefined => {
    let next: Timer | undefined
    for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer
    return next
  }

  const clock: DrivenClock = {
    defer(task) {
      deferred.push(task)
    },
    now: () => time,
    schedule(task, ms) {
      const timer = { at: time + ms, task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    step() {
      const tasks = deferred
      deferred = []
      for (const task of tasks) task()
      return tasks.length > 0
    },
    run() {
      for (let turns = 0; clock.step(); turns += 1) {
        if (turns === MOST_TURNS)
          throw new Error(`Still busy after ${MOST_TURNS} turns: something goes round.`)
      }
    },
    advance(ms) {
      const until = time + ms
      clock.run()
      for (let timer = nextTimer(until); timer; timer = nextTimer(until)) {
        timers.delete(timer)
        time = timer.at
        timer.task()
        clock.run()
      }
      time = until
    },
  }
  return clock
}
