import { countingIn } from './counting.ts'
import { MALAY_COPY, MALAY_COVERAGE } from './ms-copy.ts'
import type { ReportTexts } from './report-texts.ts'

/** Malay has no plural forms after a number. */
const { number } = countingIn('ms')

export const MALAY: ReportTexts = {
  language: 'ms',
  listSeparator: ', ',
  clauseSeparator: '; ',
  number,
  title: 'Laporan imbasan Saksi',
  found: (entries, postings) =>
    `${number(postings)} hantaran dalam eksport ini menunjukkan gambar berdaftar, daripada ${number(entries)} entri dalam bank cap jari digital.`,
  foundNothing:
    'Tiada gambar berdaftar ditemui dalam eksport ini. Ini tidak bermakna tiada gambar di situ: lihat apa yang tidak dapat ditemui oleh imbasan ini.',
  notAVerdict:
    'Padanan ialah persamaan antara cap jari digital dan perlu disahkan oleh manusia. Padanan tidak menyatakan siapa yang bersalah.',
  matchesHeading: 'Padanan',
  distanceExplained:
    'Perbezaan: 0 bermaksud cap jari digital sama sepenuhnya; 31 daripada 256 bit ialah had yang masih dikira sebagai padanan. Jika beberapa bahagian sepadan, yang terbaik ditunjukkan.',
  entry: 'Entri',
  when: 'Masa (UTC)',
  where: 'Kumpulan atau sembang',
  postedBy: 'Akaun yang menghantar',
  message: 'Mesej',
  kindOfCopy: 'Jenis salinan',
  distance: 'Perbezaan',
  alongside: 'Dihantar bersamanya, atau dalam jarak tiga mesej',
  unknownTime: 'tidak diketahui',
  forwarded: 'dimajukan',
  namedTwice: 'disebut oleh beberapa mesej, jadi pengirimnya tidak pasti',
  sameLook: 'disimpan semula, diubah saiz atau diubah sedikit',
  mirrored: 'terbalik kiri-kanan',
  turned: (degrees) => `diputar ${degrees}°`,
  withBorder: 'ditambah bingkai',
  copy: MALAY_COPY,
  moreInReport: (count) => `… ${number(count)} lagi dalam report.json`,
  notFoundHeading: 'Apa yang ditemui oleh imbasan ini, dan apa yang tidak',
  uncheckedHeading: 'Apa yang tidak dapat dibandingkan',
  unchecked: {
    notInExport: (count) =>
      `${number(count)} gambar disebut dalam eksport tetapi failnya tiada. Eksport sekali lagi berserta foto untuk membandingkannya.`,
    unreadable: (count) =>
      `${number(count)} fail gambar tidak dapat dibaca: rosak, terpotong, atau daripada jenis yang tidak dikenali.`,
    tooPlain: (count) =>
      `${number(count)} gambar terlalu kurang butirannya untuk dikenali melalui rupa. Hanya salinan yang sama tepat dengan fail berdaftar akan ditemui.`,
    partlyRead: (count) =>
      `${number(count)} gambar rosak. Hanya bahagian yang tinggal dibandingkan, jadi mungkin ada salinan yang terlepas.`,
    gaps: (count) =>
      `${number(count)} bahagian eksport tidak dapat dibaca. Gambar daripada mesej itu telah dibandingkan, tetapi tanpa pengirim dan masa.`,
    withheld: (count) =>
      `${number(count)} gambar ditandakan sebagai disyaki bahan penderaan seksual kanak-kanak dan tidak dibuka. Laporkan mesej itu kepada polis atau talian bantuan kebangsaan; jangan salin gambar itu.`,
    none: 'Setiap gambar dalam eksport ini telah dibandingkan.',
  },
  coverage: MALAY_COVERAGE,
  identifiersHeading: 'Nombor telefon, akaun dan pautan dalam eksport',
  identifiersExplained:
    'Ditunjukkan dengan sebahagiannya disembunyikan. Teks penuh ada dalam eksport, pada mesej yang disebut.',
  kind: 'Jenis',
  identifierKinds: {
    phone: 'nombor telefon',
    mykad: 'nombor MyKad',
    handle: 'nama akaun',
    email: 'alamat e-mel',
    url: 'pautan',
    address: 'alamat rumah',
    'bank-card': 'nombor kad bank',
  },
  masked: 'Sebahagian disembunyikan',
  times: 'Bilangan kali',
  messages: 'Mesej',
  notListed: (count) => `${number(count)} sebutan lagi tidak disenaraikan: terlalu banyak yang berlainan.`,
  none: 'Tiada.',
  placesHeading: 'Kumpulan dan sembang',
  placeKinds: {
    group: 'kumpulan',
    supergroup: 'kumpulan besar',
    channel: 'saluran',
    dm: 'sembang peribadi',
    page: 'halaman',
    thread: 'rentetan perbincangan',
    unknown: 'tidak diketahui',
  },
  placeTitles: 'Nama',
  readHeading: 'Apa yang dibaca',
  readFacts: ({ messages, pictures, files, repairs, gaps }) =>
    `${number(messages)} mesej, ${number(pictures)} gambar dibandingkan, ${number(files)} fail dibaca; ${number(repairs)} pembaikan bait yang rosak, ${number(gaps)} bahagian yang tidak terbaca. Setiap pembaikan dan bahagian itu disenaraikan dalam report.json beserta kedudukannya.`,
  checkHeading: 'Cara orang kedua boleh menyemak laporan ini',
  checkSteps: [
    'Dalam folder laporan ini: `sha256sum -c manifest-sha256.txt` — menyatakan sama ada laporan ini tidak berubah.',
    'Dalam folder eksport: `sha256sum -c` dengan laluan `export-sha256.txt` — menyatakan sama ada eksport itu ialah eksport yang telah dibaca.',
    'Dalam `report.json`, setiap padanan mempunyai `raw.file`, `raw.start` dan `raw.end`: `tail -c +$((start + 1)) FILE | head -c $((end - start))` memaparkan mesej itu dengan tepat, dan SHA-256 mesej itu juga ada di situ.',
    'Imbasan yang sama dengan bank yang sama akan memberikan padanan yang sama.',
  ],
  digestOfExport: 'SHA-256 bagi `export-sha256.txt`',
  digestOfBank: 'SHA-256 bagi fail bank cap jari digital',
  loggedIn: ({ origin, record, mergeBy }) =>
    `Imbasan ini telah dicatat dalam log jagaan ${origin} sebagai rekod ${record}. Log itu berjanji untuk menunjukkannya selewat-lewatnya ${mergeBy} (UTC); selepas itu dapat dibuktikan bahawa eksport ini telah dibaca sebelum itu.`,
  mode: { exact: 'setiap piksel dibaca', fast: 'gambar besar dikecilkan semasa dibaca' },
  scanning: 'Mengimbas',
  pictures: (count) => `${number(count)} gambar`,
  emptyBank:
    'Bank cap jari digital ini tiada entri yang boleh dipadankan, jadi tiada apa-apa yang dapat ditemui.',
  nothingWritten:
    'Tiada apa-apa yang ditulis. Tambah --out FOLDER untuk menyimpan laporan yang boleh disemak oleh orang kedua.',
  reportAt: (path) => `Laporan: ${path}`,
}
