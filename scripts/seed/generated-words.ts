/** The words generated products are made of. Search must find something different for each. */
export const looks = [
  ...['Hand-thrown', 'Ribbed', 'Fluted', 'Speckled', 'Brushed', 'Hammered', 'Woven', 'Quilted', 'Carved', 'Glazed'],
  ...['Slender', 'Sturdy', 'Folding', 'Stackable', 'Rounded', 'Faceted', 'Painted', 'Dip-dyed', 'Embroidered', 'Plain'],
  ...['Braided', 'Scalloped', 'Low', 'Tall', 'Wide', 'Narrow', 'Oval', 'Square', 'Travel', 'Everyday'],
] as const;

export const materials = {
  hard: [
    ...['Stoneware', 'Porcelain', 'Terracotta', 'Glass', 'Enamel', 'Copper', 'Brass', 'Steel', 'Marble', 'Oak'],
    ...['Walnut', 'Beech', 'Olive Wood', 'Bamboo', 'Cast Iron', 'Slate', 'Cork', 'Acacia', 'Tin', 'Soapstone'],
  ],
  soft: [
    ...['Linen', 'Cotton', 'Wool', 'Lambswool', 'Mohair', 'Hemp', 'Velvet', 'Corduroy', 'Canvas', 'Denim'],
    ...['Flannel', 'Jersey', 'Terry', 'Muslin', 'Twill', 'Felt', 'Silk', 'Cashmere', 'Alpaca', 'Seersucker'],
  ],
  food: [
    ...['Wildflower', 'Orchard', 'Smoked', 'Roasted', 'Spiced', 'Salted', 'Sun-dried', 'Dark', 'Golden', 'Green'],
    ...['Mountain', 'Coastal', 'Lemon', 'Cardamom', 'Saffron', 'Fig', 'Almond', 'Sesame', 'Juniper', 'Rose'],
  ],
} as const;

export const series = [
  ...[
    'Harbour',
    'Lighthouse',
    'Meridian',
    'Caravan',
    'Orchard',
    'Juniper',
    'Almanac',
    'Tidewater',
    'Foundry',
    'Lantern',
  ],
  ...['Monsoon', 'Prairie', 'Cobalt', 'Saffron', 'Alcove', 'Terrace', 'Cinder', 'Marsh', 'Quarry', 'Sparrow'],
  ...['Thistle', 'Bazaar', 'Cedar', 'Delta', 'Ember', 'Fjord', 'Grove', 'Heron', 'Isthmus', 'Jetty'],
  ...['Kestrel', 'Lagoon', 'Mistral', 'Nomad', 'Oasis', 'Pebble', 'Quill', 'Riad', 'Solstice', 'Tundra'],
] as const;

export const brands = [
  ...[
    'Almond & Ash',
    'Bower Street',
    'Caldera',
    'Dovetail',
    'East Quay',
    'Fern and Field',
    'Gable House',
    'Hollow Oak',
  ],
  ...['Ibex Works', 'Jasper Row', 'Kiln & Loom', 'Larkfield', 'Mooring', 'North Pantry', 'Ochre Studio', 'Porthole'],
  ...['Quince', 'Ropewalk', 'Saltmarsh', 'Tern', 'Umber', 'Vessel', 'Wharf 9', 'Yarrow', 'Zephyr Goods', 'Old Mill'],
] as const;

export const origins = [
  'Portugal',
  'Türkiye',
  'Japan',
  'Morocco',
  'Italy',
  'Poland',
  'India',
  'Denmark',
  'Peru',
  'Lebanon',
];

export const colours = [
  ...['Sea', 'Sand', 'Charcoal', 'Terracotta', 'Chalk', 'Indigo', 'Olive', 'Ochre', 'Rose', 'Sage'],
  ...['Rust', 'Pine', 'Plum', 'Sky', 'Black', 'Natural', 'Cream', 'Red', 'Mustard', 'Teal'],
] as const;

export const sizes = ['S', 'M', 'L', 'XL'] as const;

export interface Kind {
  readonly noun: string;
  /** Slug of a category of the second level of the demo catalogue. */
  readonly category: string;
  readonly of: keyof typeof materials;
  /** What it costs in the middle, in cents. */
  readonly eur: number;
  readonly grams: number;
  readonly sized: boolean;
  readonly says: string;
}

const kind = (
  noun: string,
  category: string,
  of: Kind['of'],
  eur: number,
  grams: number,
  says: string,
  sized = false,
): Kind => ({ noun, category, of, eur, grams, says, sized });

export const kinds: readonly Kind[] = [
  kind('Mug', 'mugs-and-cups', 'hard', 1_900, 380, 'It keeps a tea warm to the last page.'),
  kind('Espresso Cup', 'mugs-and-cups', 'hard', 1_400, 180, 'Thick walls, a short handle, a good start.'),
  kind('Teapot', 'mugs-and-cups', 'hard', 4_900, 900, 'It pours without a drip and fills four cups.'),
  kind('Bowl', 'bowls-and-plates', 'hard', 2_400, 620, 'Deep enough for soup, wide enough for salad.'),
  kind('Plate', 'bowls-and-plates', 'hard', 2_100, 700, 'Flat where it should be, with a rim that holds the sauce.'),
  kind('Serving Platter', 'bowls-and-plates', 'hard', 4_400, 1_300, 'For the middle of a long table.'),
  kind('Chopping Board', 'kitchen-tools', 'hard', 3_600, 1_100, 'Heavy enough to stay where it is.'),
  kind('Saucepan', 'kitchen-tools', 'hard', 7_900, 1_500, 'For one and a half litres of anything.'),
  kind('Ladle', 'kitchen-tools', 'hard', 1_600, 160, 'A long handle and an honest scoop.'),
  kind('Pepper Mill', 'kitchen-tools', 'hard', 3_900, 320, 'From dust to coarse in half a turn.'),
  kind('Throw', 'throws-and-rugs', 'soft', 8_900, 1_200, 'For the end of the sofa and the end of the day.'),
  kind('Rug', 'throws-and-rugs', 'soft', 18_900, 4_500, 'It lies flat and forgives a spilled glass.'),
  kind('Cushion Cover', 'cushions', 'soft', 2_900, 260, 'A hidden zip, and room for a proper filling.'),
  kind('Floor Cushion', 'cushions', 'soft', 7_400, 2_100, 'For one guest more than there are chairs.'),
  kind('Tea Towel', 'kitchen-linen', 'soft', 1_200, 90, 'It dries better after every wash.'),
  kind('Apron', 'kitchen-linen', 'soft', 3_400, 280, 'Crossed at the back, with a pocket for a spoon.'),
  kind('Tablecloth', 'kitchen-linen', 'soft', 6_900, 700, 'For six, or for eight who like each other.'),
  kind('Table Lamp', 'lamps', 'hard', 9_900, 1_800, 'Warm light at the height of a book.'),
  kind('Pendant Lamp', 'lamps', 'hard', 12_900, 1_600, 'It hangs on two metres of woven cable.'),
  kind('Candle Holder', 'candles-and-lanterns', 'hard', 2_600, 420, 'It stands steady and catches every drop.'),
  kind('Lantern', 'candles-and-lanterns', 'hard', 4_900, 800, 'For a doorstep, a wall, a warm evening.'),
  kind('Black Tea', 'tea-and-coffee', 'food', 1_100, 120, 'A hundred grams, a clear cup, no bitterness.'),
  kind('Coffee', 'tea-and-coffee', 'food', 1_400, 280, 'Roasted in small batches, sweet and round.'),
  kind('Honey', 'larder', 'food', 1_200, 480, 'Stirred slowly until it is smooth.'),
  kind('Jam', 'larder', 'food', 800, 340, 'More fruit than sugar, cooked in a wide pan.'),
  kind('Olive Oil', 'larder', 'food', 1_900, 900, 'Pressed within a day of the harvest.'),
  kind('Chocolate Bar', 'larder', 'food', 600, 110, 'It snaps, and then it takes its time.'),
  kind('Notebook', 'notebooks-and-paper', 'soft', 1_800, 320, 'It opens flat and takes ink on both sides.'),
  kind('Photo Album', 'notebooks-and-paper', 'soft', 4_200, 900, 'Sixty pages of heavy card.'),
  kind('Pen', 'writing', 'hard', 4_900, 40, 'It writes at the first touch.'),
  kind('Pencil Case', 'writing', 'soft', 2_200, 90, 'Room for twelve, and for one eraser.'),
  kind('Soap Dish', 'soap', 'hard', 1_500, 260, 'The soap stays dry and lasts twice as long.'),
  kind('Bath Towel', 'towels', 'soft', 3_900, 560, 'Thirsty, quick to dry, big enough to wrap up in.'),
  kind('Bathrobe', 'towels', 'soft', 8_900, 1_100, 'With deep pockets and a belt that stays tied.', true),
  kind('Tote Bag', 'bags', 'soft', 2_900, 240, 'It holds a market and hangs flat when empty.'),
  kind('Backpack', 'bags', 'soft', 9_900, 900, 'A laptop, a jumper, lunch and an umbrella.'),
  kind('Weekend Bag', 'bags', 'soft', 14_900, 1_400, 'Two days and no checked luggage.'),
  kind('Card Holder', 'small-leather', 'soft', 3_400, 45, 'Five cards and a folded note.'),
  kind('Stacking Toy', 'wooden-toys', 'hard', 2_400, 420, 'It falls down well, which is the point.'),
  kind('Pull-along Duck', 'wooden-toys', 'hard', 2_900, 380, 'It waddles on any floor.'),
  kind('Board Game', 'games-and-puzzles', 'hard', 4_400, 900, 'Twenty minutes to learn, one evening to master.'),
  kind('Soft Bear', 'soft-toys', 'soft', 2_900, 260, 'Washable, and patient about it.'),
  kind('Soft Rabbit', 'soft-toys', 'soft', 2_700, 220, 'Long ears, sewn on twice.'),
  kind('Plant Pot', 'pots-and-planters', 'hard', 2_600, 1_400, 'With a hole below and a saucer that fits.'),
  kind('Window Box', 'pots-and-planters', 'hard', 5_400, 2_800, 'Room for herbs, strawberries or both.'),
  kind('Watering Can', 'garden-tools', 'hard', 4_400, 1_100, 'A long spout and a fine rose.'),
  kind('Trowel', 'garden-tools', 'hard', 2_200, 340, 'It cuts clay and does not bend.'),
  kind('Shirt', 'shirts-and-tees', 'soft', 6_900, 260, 'Cut straight, with a collar that lies down.', true),
  kind('T-shirt', 'shirts-and-tees', 'soft', 2_900, 190, 'It keeps its shape and loses no seam.', true),
  kind('Jumper', 'knitwear', 'soft', 9_900, 520, 'Knitted in one piece, without a side seam.', true),
  kind('Cardigan', 'knitwear', 'soft', 10_900, 560, 'Five buttons, two pockets, no hurry.', true),
  kind('Chore Jacket', 'jackets-and-trousers', 'soft', 13_900, 900, 'Four pockets and room for a jumper.', true),
  kind('Trousers', 'jackets-and-trousers', 'soft', 8_900, 520, 'Wide in the leg, firm at the waist.', true),
  kind('Scarf', 'accessories', 'soft', 4_900, 200, 'Long enough to go round twice.'),
  kind('Sun Hat', 'accessories', 'soft', 4_400, 150, 'A brim that keeps the sun where it belongs.'),
];
