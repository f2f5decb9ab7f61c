import { categories } from './categories.ts';
import { complete } from './define.ts';
import { bags } from './products/bags.ts';
import { bath } from './products/bath.ts';
import { clothing } from './products/clothing.ts';
import { desk } from './products/desk.ts';
import { garden } from './products/garden.ts';
import { lighting } from './products/lighting.ts';
import { pantry } from './products/pantry.ts';
import { table } from './products/table.ts';
import { textiles } from './products/textiles.ts';
import { toys } from './products/toys.ts';
import type { AttributeDefinition, AttributeType, Catalogue, Collection, Warehouse } from './types.ts';
import { words } from './words.ts';

export { type Drawing, draw } from './pictures.ts';
export * from './types.ts';

const attribute = (
  code: string,
  type: AttributeType,
  unit: string | null,
  [name, de, ja, ar]: readonly [string, string, string, string],
): AttributeDefinition => ({
  code,
  name,
  type,
  unit,
  translations: { de: { name: de }, ja: { name: ja }, ar: { name: ar } },
});

const attributes: readonly AttributeDefinition[] = [
  attribute('material', 'TEXT', null, ['Material', 'Material', '素材', 'المادة']),
  attribute('origin', 'TEXT', null, ['Made in', 'Hergestellt in', '生産国', 'بلد الصنع']),
  attribute('care', 'TEXT', null, ['Care', 'Pflege', 'お手入れ', 'العناية']),
  attribute('ingredients', 'TEXT', null, ['Ingredients', 'Zutaten', '原材料', 'المكوّنات']),
  attribute('allergens', 'TEXT', null, ['Allergens', 'Allergene', 'アレルゲン', 'مسببات الحساسية']),
  attribute('netWeight', 'NUMBER', 'g', ['Net weight', 'Nettogewicht', '内容量', 'الوزن الصافي']),
  attribute('capacity', 'NUMBER', 'ml', ['Capacity', 'Fassungsvermögen', '容量', 'السعة']),
  attribute('height', 'NUMBER', 'mm', ['Height', 'Höhe', '高さ', 'الارتفاع']),
  attribute('width', 'NUMBER', 'mm', ['Width', 'Breite', '幅', 'العرض']),
  attribute('length', 'NUMBER', 'mm', ['Length', 'Länge', '長さ', 'الطول']),
  attribute('diameter', 'NUMBER', 'mm', ['Diameter', 'Durchmesser', '直径', 'القطر']),
  attribute('pieces', 'NUMBER', null, ['Pieces', 'Teile', '個数', 'عدد القطع']),
  attribute('pages', 'NUMBER', null, ['Pages', 'Seiten', 'ページ数', 'الصفحات']),
  attribute('ageFrom', 'NUMBER', 'years', ['Age from', 'Ab Alter', '対象年齢', 'العمر ابتداءً من']),
  attribute('players', 'TEXT', null, ['Players', 'Spielerzahl', 'プレイ人数', 'عدد اللاعبين']),
  attribute('socket', 'TEXT', null, ['Bulb socket', 'Fassung', '口金', 'قاعدة المصباح']),
  attribute('dishwasher', 'BOOLEAN', null, ['Dishwasher', 'Spülmaschine', '食洗機', 'غسالة الأطباق']),
];

/** The EU ships first; what Rotterdam lacks comes from Newark. */
const warehouses: readonly Warehouse[] = [
  { code: 'rotterdam', name: 'Rotterdam', country: 'NL', city: 'Rotterdam', priority: 1 },
  { code: 'newark', name: 'Newark', country: 'US', city: 'Newark', priority: 2 },
];

const products = [table, textiles, lighting, pantry, desk, bath, bags, toys, garden, clothing].flat().map(complete);

const collections: readonly Collection[] = [
  {
    slug: 'gifts-under-30',
    name: 'Gifts under 30',
    description: 'Small things that are easy to wrap and hard to guess.',
    products: [
      'tide-mug',
      'tea-towels-pair',
      'wildflower-honey',
      'medjool-dates-gift-box',
      'olive-oil-soap',
      'letter-set',
      'pocket-notebooks-three',
      'spinning-top',
      'key-fob',
      'tile-socks',
      'three-packets-of-seed',
      'lavender-bath-salt',
    ],
    translations: {
      de: { name: 'Geschenke unter 30' },
      ja: { name: '30以下の贈りもの' },
      ar: { name: 'هدايا بأقل من 30' },
    },
  },
  {
    slug: 'slow-mornings',
    name: 'Slow Mornings',
    description: 'Everything for a breakfast that runs into lunch.',
    products: [
      'copper-handle-teapot',
      'tide-mug',
      'corner-roast-coffee',
      'copper-cezve',
      'sour-cherry-jam',
      'wildflower-honey',
      'olive-wood-board',
      'market-day-apron',
      'linen-notebook',
    ],
    translations: { de: { name: 'Langsame Morgen' }, ja: { name: 'ゆっくりした朝' }, ar: { name: 'صباحات هادئة' } },
  },
  {
    slug: 'evening-light',
    name: 'Evening Light',
    description: 'Lamps, lanterns and something warm over the knees.',
    products: [
      'mosaic-table-lamp',
      'pierced-tin-lantern',
      'beeswax-pillar-candles-three',
      'moonrise-paper-lantern',
      'chamber-candlestick',
      'harbour-wool-throw',
      'kilim-cushion-cover',
      'travel-backgammon',
    ],
    translations: { de: { name: 'Abendlicht' }, ja: { name: '夕べの灯り' }, ar: { name: 'ضوء المساء' } },
  },
  {
    slug: 'by-the-sea',
    name: 'By the Sea',
    description: 'For the ferry, the beach and the table afterwards.',
    products: [
      'harbour-linen-shirt',
      'hammam-towel',
      'wide-straw-hat',
      'market-tote',
      'palm-basket',
      'drawstring-trousers',
      'courtyard-kite',
      'weekender',
    ],
    translations: { de: { name: 'Am Meer' }, ja: { name: '海辺で' }, ar: { name: 'على البحر' } },
  },
];

/** The demo shop: what `npm run seed -- demo` fills a fresh Souk with. */
export const catalogue: Catalogue = { categories, collections, attributes, warehouses, products, words };
