import type { Thing } from '../room.ts'
import { listed } from '../text.ts'
import type { Command } from './command.ts'

/** More than anybody can carry. */
const MOST_THINGS = 10

/** Takes the thing out of the list that a player means by `words`. */
function takeFrom(things: Thing[], words: string): Thing | undefined {
  const wanted = words.toLowerCase().replace(/^(a|an|the) /, '')
  const index = wanted === '' ? -1 : things.findIndex(({ name }) => ` ${name} `.includes(` ${wanted} `))
  return index < 0 ? undefined : things.splice(index, 1)[0]
}

const get: Command = {
  name: 'get',
  aliases: ['take'],
  usage: 'get lantern',
  summary: 'picks something up',
  run(player, rest) {
    if (player.things.length >= MOST_THINGS) {
      player.tell('You cannot carry any more.')
      return
    }
    const thing = takeFrom(player.room.things, rest)
    if (!thing) {
      player.tell(rest === '' ? 'Get what?' : 'You see nothing like that here.')
      return
    }
    player.things.push(thing)
    player.tell(`You pick up ${thing.name}.`)
    player.room.tell(`${player.name} picks up ${thing.name}.`, player)
  },
}

const drop: Command = {
  name: 'drop',
  usage: 'drop lantern',
  summary: 'puts something down',
  run(player, rest) {
    const thing = takeFrom(player.things, rest)
    if (!thing) {
      player.tell(rest === '' ? 'Drop what?' : 'You carry nothing like that.')
      return
    }
    player.room.things.push(thing)
    player.tell(`You put down ${thing.name}.`)
    player.room.tell(`${player.name} puts down ${thing.name}.`, player)
  },
}

const inventory: Command = {
  name: 'inventory',
  aliases: ['i', 'inv'],
  usage: 'inventory, or i',
  summary: 'says what you carry',
  run(player) {
    const names = player.things.map(({ name }) => name)
    player.tell(names.length === 0 ? 'You carry nothing.' : `You carry ${listed(names)}.`)
  },
}

export const carrying: readonly Command[] = [get, drop, inventory]
