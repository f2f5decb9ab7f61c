import type { Category } from './types.ts';

type Names = readonly [en: string, de: string, ja: string, ar: string];

const category = (slug: string, parent: string | null, [name, de, ja, ar]: Names, description: string): Category => ({
  slug,
  name,
  description,
  parent,
  translations: { de: { name: de }, ja: { name: ja }, ar: { name: ar } },
});

export const categories: readonly Category[] = [
  category(
    'kitchen-and-table',
    null,
    ['Kitchen & Table', 'Küche & Tisch', 'キッチンと食卓', 'المطبخ والمائدة'],
    'Things to cook with, pour from and eat off.',
  ),
  category(
    'mugs-and-cups',
    'kitchen-and-table',
    ['Mugs & Cups', 'Becher & Tassen', 'マグとカップ', 'أكواب وفناجين'],
    'For tea, coffee and the walk to the window.',
  ),
  category(
    'bowls-and-plates',
    'kitchen-and-table',
    ['Bowls & Plates', 'Schalen & Teller', 'ボウルとお皿', 'أوعية وأطباق'],
    'For one, for two, for the whole table.',
  ),
  category(
    'kitchen-tools',
    'kitchen-and-table',
    ['Kitchen Tools', 'Küchenhelfer', 'キッチン道具', 'أدوات المطبخ'],
    'Wood and copper that earn their hook.',
  ),

  category(
    'home-textiles',
    null,
    ['Home Textiles', 'Heimtextilien', 'ホームテキスタイル', 'منسوجات المنزل'],
    'Wool, linen and cotton for sofa, floor and kitchen.',
  ),
  category(
    'throws-and-rugs',
    'home-textiles',
    ['Throws & Rugs', 'Decken & Teppiche', 'ブランケットとラグ', 'أغطية وسجاد'],
    'Warm above and warm below.',
  ),
  category(
    'cushions',
    'home-textiles',
    ['Cushions', 'Kissen', 'クッション', 'وسائد'],
    'Covers that change a room in a minute.',
  ),
  category(
    'kitchen-linen',
    'home-textiles',
    ['Kitchen Linen', 'Küchenwäsche', 'キッチンリネン', 'أقمشة المطبخ'],
    'Towels, aprons, runners and mitts.',
  ),

  category('lighting', null, ['Lighting', 'Licht', '照明', 'إضاءة'], 'Light to read by and light to talk by.'),
  category('lamps', 'lighting', ['Lamps', 'Lampen', 'ランプ', 'مصابيح'], 'To hang, to stand, to lean in.'),
  category(
    'candles-and-lanterns',
    'lighting',
    ['Candles & Lanterns', 'Kerzen & Laternen', 'キャンドルとランタン', 'شموع وفوانيس'],
    'For the slow end of the day.',
  ),

  category(
    'tea-and-pantry',
    null,
    ['Tea & Pantry', 'Tee & Vorrat', 'お茶と食料品', 'الشاي والمؤونة'],
    'What we eat and drink ourselves.',
  ),
  category(
    'tea-and-coffee',
    'tea-and-pantry',
    ['Tea & Coffee', 'Tee & Kaffee', 'お茶とコーヒー', 'شاي وقهوة'],
    'Leaves and beans.',
  ),
  category(
    'larder',
    'tea-and-pantry',
    ['Larder', 'Speisekammer', '食品庫', 'بيت المؤونة'],
    'Jars, bottles and one box of dates.',
  ),

  category(
    'paper-and-desk',
    null,
    ['Paper & Desk', 'Papier & Schreibtisch', '紙と机まわり', 'ورق ومكتب'],
    'For lists, letters and longer thoughts.',
  ),
  category(
    'notebooks-and-paper',
    'paper-and-desk',
    ['Notebooks & Paper', 'Notizbücher & Papier', 'ノートと紙', 'دفاتر وورق'],
    'Bound, loose and by the roll.',
  ),
  category('writing', 'paper-and-desk', ['Writing', 'Schreiben', '筆記具', 'أدوات الكتابة'], 'Pens, pencils and ink.'),
  category('books', 'paper-and-desk', ['Books', 'Bücher', '本', 'كتب'], 'A short shelf, well chosen.'),

  category('bath', null, ['Bath', 'Bad', 'バス', 'الحمّام'], 'Soap, towels and time.'),
  category(
    'soap',
    'bath',
    ['Soap & Care', 'Seife & Pflege', '石けんとケア', 'صابون وعناية'],
    'Bars, brushes and what they rest on.',
  ),
  category(
    'towels',
    'bath',
    ['Towels & Bags', 'Tücher & Beutel', 'タオルとポーチ', 'مناشف وحقائب'],
    'Flat-woven, waffled and zipped.',
  ),

  category(
    'bags-and-leather',
    null,
    ['Bags & Leather', 'Taschen & Leder', 'バッグと革', 'حقائب وجلود'],
    'Made to be carried and scratched.',
  ),
  category('bags', 'bags-and-leather', ['Bags', 'Taschen', 'バッグ', 'حقائب'], 'From the market to the weekend.'),
  category(
    'small-leather',
    'bags-and-leather',
    ['Small Leather', 'Kleinleder', '革小物', 'جلديات صغيرة'],
    'Wallets, belts and fobs.',
  ),

  category(
    'toys-and-games',
    null,
    ['Toys & Games', 'Spielzeug & Spiele', 'おもちゃとゲーム', 'ألعاب'],
    'To play with, at any age.',
  ),
  category(
    'wooden-toys',
    'toys-and-games',
    ['Wooden Toys', 'Holzspielzeug', '木のおもちゃ', 'ألعاب خشبية'],
    'Turned, sawn and painted.',
  ),
  category(
    'games-and-puzzles',
    'toys-and-games',
    ['Games & Puzzles', 'Spiele & Puzzles', 'ゲームとパズル', 'ألعاب وأحاجٍ'],
    'For rain, and for wind.',
  ),
  category(
    'soft-toys',
    'toys-and-games',
    ['Soft Toys', 'Stofftiere', 'ぬいぐるみ', 'دمى قماشية'],
    'For carrying by the ears.',
  ),

  category('garden', null, ['Garden', 'Garten', 'ガーデン', 'الحديقة'], 'For balconies, courtyards and windowsills.'),
  category(
    'pots-and-planters',
    'garden',
    ['Pots & Planters', 'Töpfe & Pflanzgefäße', '鉢とプランター', 'أصص وأحواض'],
    'A home for something green.',
  ),
  category(
    'garden-tools',
    'garden',
    ['Garden Tools', 'Gartengeräte', '園芸道具', 'أدوات الحديقة'],
    'To dig, to water, to snip.',
  ),
  category('seeds', 'garden', ['Seeds', 'Samen', '種', 'بذور'], 'Patience, in packets.'),

  category('clothing', null, ['Clothing', 'Kleidung', '衣類', 'ملابس'], 'Plain things, well made.'),
  category(
    'shirts-and-tees',
    'clothing',
    ['Shirts & Tees', 'Hemden & T-Shirts', 'シャツとTシャツ', 'قمصان'],
    'Linen, cotton and stripes.',
  ),
  category('knitwear', 'clothing', ['Knitwear', 'Strick', 'ニット', 'محبوكات'], 'For most of October.'),
  category(
    'jackets-and-trousers',
    'clothing',
    ['Jackets & Trousers', 'Jacken & Hosen', 'ジャケットとパンツ', 'سترات وبناطيل'],
    'With real pockets.',
  ),
  category('accessories', 'clothing', ['Accessories', 'Accessoires', '小物', 'إكسسوارات'], 'Hats, scarves and socks.'),
];
