import { listed } from '../text.ts'
import type { Command } from './command.ts'

const say: Command = {
  name: 'say',
  aliases: ["'"],
  usage: "say hello, or 'hello",
  summary: 'speaks to everybody in the room',
  run(player, rest) {
    if (rest === '') {
      player.tell('Say what?')
      return
    }
    player.tell(`You say: ${rest}`)
    player.room.tell(`${player.name} says: ${rest}`, player)
  },
}

const emote: Command = {
  name: 'emote',
  aliases: [':'],
  usage: 'emote waves, or :waves',
  summary: 'shows everybody in the room what you do',
  run(player, rest) {
    if (rest === '') player.tell('Emote what?')
    else player.room.tell(`${player.name} ${rest}`)
  },
}

const tell: Command = {
  name: 'tell',
  usage: 'tell ada hello',
  summary: 'speaks to one person, wherever they are',
  run(player, rest) {
    const [, name = '', text = ''] = /^(\S+)\s*(.*)$/u.exec(rest) ?? []
    const other = player.town.find(name)
    if (name === '') player.tell('Tell whom what?')
    else if (!other) player.tell('There is nobody of that name here.')
    else if (text === '') player.tell(`Tell ${other.name} what?`)
    else if (other === player) player.tell('You talk to yourself for a while.')
    else {
      player.tell(`You tell ${other.name}: ${text}`)
      other.tell(`${player.name} tells you: ${text}`)
    }
  },
}

const who: Command = {
  name: 'who',
  usage: 'who',
  summary: 'says who is in the world',
  run(player) {
    const names = player.town.players.map(({ name }) => String(name)).sort()
    player.tell(
      names.length === 1
        ? 'You are alone in the world.'
        : `${names.length} people are here: ${listed(names)}.`,
    )
  },
}

export const talking: readonly Command[] = [say, emote, tell, who]
