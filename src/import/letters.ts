import { join } from 'node:path'
import { type Layout, listing, readJson, stringOf, Unreadable } from './entry.ts'

/**
 * `Letters_dataset_min_length_5_max_length_10/a_1_0/test_words.json`: the file is the word; letter and count stand in the
 * folder's name. The question is composed when it is asked, so there is none.
 */
export const letters: Layout = (root, at) =>
  listing(join(root, at), 'folders').flatMap(range =>
    listing(join(root, at, range), 'folders').map(name => {
      const sample = `${range}/${name}`
      const path = `${at}/${sample}`
      return {
        task: 'letters',
        sample,
        path,
        read() {
          const lengths = /min_length_(\d+)_max_length_(\d+)$/.exec(range)
          const named = /^([a-z])_(\d+)_\d+$/.exec(name)
          if (!lengths || !named) throw new Unreadable('its folders do not name lengths, letter and count')
          const word = stringOf(readJson(join(root, path, 'test_words.json')), 'test_words.json')
          const [letter, count] = [named[1]!, Number(named[2])]
          const complexity = `${lengths[1]}-${lengths[2]}/${count}`
          return { task: 'letters', sample, question: null, solution: word, complexity, letter, count }
        },
      }
    }),
  )
