import type { Position, Share, Side } from '../copy-place.ts'
import type { CopyTexts, CoverageTexts } from './copy-texts.ts'
import { countingIn } from './counting.ts'

const { number, listed } = countingIn('ms')

const SIDES: Record<Side, string> = { top: 'atas', bottom: 'bawah', left: 'kiri', right: 'kanan' }

const POSITIONS: Record<Position, string> = {
  'top-left': 'di kiri atas',
  top: 'di bahagian atas',
  'top-right': 'di kanan atas',
  left: 'di sebelah kiri',
  middle: 'di tengah',
  right: 'di sebelah kanan',
  'bottom-left': 'di kiri bawah',
  bottom: 'di bahagian bawah',
  'bottom-right': 'di kanan bawah',
}

const SHARES: Record<Share, string> = {
  'nearly-all': 'hampir seluruh',
  'three-quarters': 'kira-kira tiga suku',
  'two-thirds': 'kira-kira dua pertiga',
  half: 'kira-kira separuh',
  third: 'kira-kira satu pertiga',
  quarter: 'kira-kira satu suku',
  sixth: 'kira-kira satu perenam',
  tenth: 'kira-kira satu persepuluh',
  less: 'kurang daripada satu persepuluh',
}

const sidesOf = (sides: readonly Side[]): string => listed(sides.map((side) => SIDES[side]))

export const MALAY_COPY: CopyTexts = {
  identicalFile: 'Fail yang sama tepat',
  wholePicture: 'Dikenali melalui keseluruhan gambar',
  byParts: 'Dikenali melalui bahagian gambar',
  byPlaces: (votes) => `Dikenali melalui ${votes} bahagian yang sepadan`,
  byPlacesOrMore: (votes) => `Dikenali melalui ${votes} atau lebih bahagian yang sepadan`,
  likely: 'Berkemungkinan',
  likelyExplained: 'Seorang ahli pasukan mesti mengesahkannya, tanpa perlu melihat gambar.',
  likelyAmong: (count) =>
    `${number(count)} daripadanya hanya berkemungkinan, dan ditandakan begitu. Seorang ahli pasukan mesti mengesahkannya melalui pengirim, masa dan mesej di sekelilingnya. Tiada sesiapa perlu melihat gambar itu.`,
  cropped: 'dipangkas',
  insideLarger: 'di dalam gambar yang lebih besar seperti tangkapan skrin',
  covered: 'sebahagiannya ditutup atau diubah',
  cutOff: (sides, remaining) =>
    `dipotong di ${sidesOf(sides)}, masih ada ${SHARES[remaining]} gambar berdaftar`,
  cutOffAtLeast: (sides) => `dipotong sekurang-kurangnya di ${sidesOf(sides)}`,
  lies: (position, share) => `${POSITIONS[position]}, meliputi ${SHARES[share]} gambar yang dihantar`,
  drawing: 'Lakaran: kedudukan gambar berdaftar dalam gambar yang dihantar',
  notToScale: 'Tidak mengikut skala.',
  legend:
    'Lakaran ini tidak menunjukkan sebarang gambar. Garis penuh: tepi gambar yang dihantar. Bahagian berwarna: kedudukan gambar berdaftar di dalamnya. Garis putus-putus: bahagian yang dipotong. Dua segi tiga: terbalik kiri-kanan. Anak panah: arah bahagian atasnya sekarang. Di dalam gambar yang lebih besar, hanya potongan pada tepinya dapat dikesan, bukan apa yang dipotong sebelum itu. Jika bentuk gambar yang dihantar tidak diketahui, segi empat sama dilukis.',
}

export const MALAY_COVERAGE: CoverageTexts = {
  foundWhole:
    'Ditemui: salinan yang menunjukkan keseluruhan gambar — fail yang sama, disimpan semula, dikecilkan, diubah sedikit warnanya, terbalik kiri-kanan, diputar suku atau separuh pusingan, atau ditambah bingkai kosong di sekelilingnya.',
  missedWhole:
    'Biasanya tidak ditemui: gambar yang dipangkas lebih daripada kira-kira 2%, tangkapan skrin perbualan, kolaj, pelekat atau tulisan yang besar, dan gambar yang diputar beberapa darjah.',
  partsLeftOut:
    'Seperti yang diminta (--whole-only), bahagian-bahagian gambar tidak dibandingkan. Imbas sekali lagi tanpanya untuk menemui juga gambar yang dipangkas dan tangkapan skrin.',
  bankWithoutParts:
    'Bank ini menyimpan setiap gambar secara keseluruhan sahaja. Untuk menemui juga gambar yang dipangkas dan tangkapan skrin, tambah gambar itu sekali lagi bersama bahagian-bahagiannya, jika pemiliknya bersetuju.',
  foundParts:
    'Turut ditemui: gambar yang dipangkas, tangkapan skrin, kolaj, dan salinan yang sebahagiannya ditutup pelekat, juga jika terbalik kiri-kanan atau diputar suku atau separuh pusingan.',
  most: (count) =>
    `${number(count)} gambar berdaftar: kami menjangka dapat mengenali kebanyakan salinan, juga jika dipangkas, dalam tangkapan skrin, terbalik kiri-kanan atau sebahagiannya ditutup. Ada yang akan terlepas, terutamanya jika tulisan menutup sebahagian besar gambar atau gambar itu sangat senget.`,
  many: (count) =>
    `${number(count)} gambar berdaftar: kami menjangka dapat mengenali salinan penuh dan banyak salinan yang dipangkas. Salinan yang banyak ditutup atau sangat kecil mungkin terlepas.`,
  nearIdentical: (count) =>
    `${number(count)} gambar berdaftar yang kurang butiran (gelap, kabur atau kosong): hanya salinan yang sama atau hampir sama dapat dikenali.`,
  wholeOnly: (count) =>
    `${number(count)} gambar berdaftar disimpan secara keseluruhan sahaja: salinan yang dipangkas, dalam tangkapan skrin atau ditutup akan terlepas.`,
  fileOnly: (count) =>
    `${number(count)} gambar berdaftar terlalu kurang butirannya: hanya salinan yang sama tepat dengan fail berdaftar dapat dikenali.`,
  notCounted:
    'Apa yang ditemui bergantung pada gambar berdaftar. Jika gambar itu kurang butiran (gelap, kabur atau kosong), atau disimpan secara keseluruhan sahaja, salinannya yang dipangkas atau dalam tangkapan skrin akan terlepas.',
  missedParts:
    'Masih mungkin terlepas: gambar yang sebahagian besarnya ditutup tulisan atau tera air, gambar yang senget lebih daripada kira-kira 2 darjah (3 darjah jika bahagian senget turut didaftarkan), dan salinan yang begitu kecil sehingga sisi pendek gambar kurang daripada kira-kira 160 piksel.',
  anotherPhoto:
    'Foto lain bagi detik yang sama ialah gambar lain. Foto itu ditemui hanya jika turut didaftarkan.',
  videos: 'Video dibandingkan hanya melalui gambar pratonton dalam eksport, jika ada.',
}
