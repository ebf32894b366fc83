export const LANGUAGES = ['ms', 'en', 'zh', 'ta'] as const

export type Language = (typeof LANGUAGES)[number]

/** Everyday words of which chat lines are strung together. No digits, no marks, nothing that reads as a name or a link. */
export const WORDS: Record<Language, readonly [string, ...string[]]> = {
  ms: split(`hujan payung teh kedai pisang kucing jendela bola sungai pasar kuih basikal kerusi lampu padang rumput
    burung awan petang pagi esok nanti sudah belum boleh nak pergi datang tunggu sekejap makan nasi lemak roti canai
    panas sejuk lambat cepat jauh dekat besar kecil hijau biru merah kuning buku beg kasut topi jam bas stesen hutan
    pantai ombak pasir layang perahu mendung tikar bantal periuk sudu garpu dan atau dengan untuk kat sini situ`),
  en: split(`rain umbrella tea shop banana cat window ball river market cake bicycle chair lamp field grass bird cloud
    evening morning tomorrow later already not yet can want go come wait a moment eat rice bread hot cold slow fast
    far near big small green blue red yellow book bag shoe hat clock bus station forest beach wave sand kite boat grey
    mat pillow pot spoon fork and or with for here there the of under over behind maybe again`),
  zh: split(`下雨 雨伞 喝茶 小店 香蕉 猫 窗户 球 河边 市场 蛋糕 自行车 椅子 台灯 草地 鸟 云 傍晚 早上 明天 等一下
    已经 还没 可以 想 去 来 吃饭 面包 热 冷 慢 快 远 近 大 小 绿色 蓝色 红色 黄色 书 包 鞋子 帽子 时钟 公车 车站
    森林 海滩 波浪 沙子 风筝 小船 席子 枕头 锅 勺子 叉子 和 或者 一起 这里 那里`),
  ta: split(`மழை குடை தேநீர் கடை வாழைப்பழம் பூனை ஜன்னல் பந்து நதி சந்தை இனிப்பு மிதிவண்டி நாற்காலி விளக்கு புல்
    பறவை மேகம் மாலை காலை நாளை பிறகு வா போ சாப்பாடு ரொட்டி சூடு குளிர் மெதுவாக வேகமாக தூரம் அருகில் பெரிய சிறிய
    பச்சை நீலம் சிவப்பு மஞ்சள் புத்தகம் பை காலணி தொப்பி கடிகாரம் பேருந்து நிலையம் காடு கடற்கரை அலை மணல் பட்டம்
    படகு பாய் தலையணை பானை கரண்டி மற்றும் அல்லது இங்கே அங்கே`),
}

/** A colour and a thing make a member's shown name; nobody is called so. */
export const NAME_WORDS: Record<
  Language,
  { colours: readonly [string, ...string[]]; things: readonly [string, ...string[]] }
> = {
  ms: {
    colours: split('Hijau Biru Kelabu Jingga Perang'),
    things: split('Tikar Payung Layang Perahu Lampu Jendela Bantal'),
  },
  en: {
    colours: split('Green Blue Grey Orange Brown'),
    things: split('Mat Umbrella Kite Boat Lamp Window Pillow'),
  },
  zh: { colours: split('绿 蓝 灰 橙 棕'), things: split('席子 雨伞 风筝 小船 台灯 窗户 枕头') },
  ta: { colours: split('பச்சை நீல சாம்பல் ஆரஞ்சு பழுப்பு'), things: split('பாய் குடை பட்டம் படகு விளக்கு ஜன்னல் தலையணை') },
}

export const EMOJI = split('🌧 ☂ 🍌 🐈 ⚽ 🚲 🪑 💡 🌿 🐦 ☁ 🌊 🪁 ⛵ 📚 🎒')

function split(text: string): [string, ...string[]] {
  const [first = '', ...rest] = text.split(/\s+/)
  return [first, ...rest]
}
