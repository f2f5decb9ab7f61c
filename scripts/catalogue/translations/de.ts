import type { ProductTranslation } from '../types.ts';

/** By product slug. A product that is missing here is shown in English. */
export const de: Readonly<Record<string, ProductTranslation>> = {
  'tide-mug': {
    name: 'Becher Gezeiten',
    descriptionHtml:
      '<p>Ein Becher mit großzügigem Henkel und einem Rand, der so dünn ist, dass man ihn vergisst. Die Glasur wird von Hand getaucht und endet über dem Fuß, sodass die Linie zum rohen Ton bei jedem Stück ein wenig anders verläuft.</p><p>Er fasst eine ordentliche Tasse Tee oder einen Kaffee mit Platz für Milch.</p>',
  },
  'noon-espresso-cup': {
    name: 'Espressotasse Mittag',
    descriptionHtml:
      '<p>Eine kleine, dickwandige Tasse, die einen kurzen Kaffee bis zum letzten Schluck warm hält, mit einer Untertasse, auf der Löffel und Keks Platz haben.</p><p>Das farbige Band wird gemalt, während sich die Tasse auf der Scheibe dreht.</p>',
  },
  'harvest-bowl': {
    name: 'Ernteschale',
    descriptionHtml:
      '<p>Die Schale, die jeden Abend auf dem Tisch landet: Salat, Pasta, ein Berg Feigen. Hohe Wände halten alles beisammen, während man mischt.</p><p>Die kleine passt zum Frühstück, die große macht sechs Leute satt.</p>',
  },
  'meze-plates-set-of-four': {
    name: 'Meze-Teller, vier Stück',
    descriptionHtml:
      '<p>Vier Teller für Kleinigkeiten: Oliven, Hummus, eine halbe Orange, ein Stück Kuchen. Am Rand läuft ein Kranz gemalter Punkte.</p><p>Sie lassen sich eng stapeln, wofür jede kleine Küche dankbar ist.</p>',
  },
  'olive-wood-board': {
    name: 'Brett aus Olivenholz',
    descriptionHtml:
      '<p>Aus einem Stück Olivenholz geschnitten: Die Maserung läuft vom Griff bis zum Fuß, und keine zwei Bretter gleichen sich. Eine Seite für das Messer, die andere für den Käse.</p><p>Abwischen, stehend trocknen lassen und mit etwas Speiseöl einreiben, wenn es durstig aussieht.</p>',
  },
  'copper-cezve': {
    name: 'Cezve aus Kupfer',
    descriptionHtml:
      '<p>Ein Kännchen für langsamen Kaffee: feines Pulver, kaltes Wasser, kleine Flamme und etwas Geduld. Das Kupfer ist von Hand gehämmert und innen verzinnt.</p><p>Der lange Griff bleibt aus der Hitze. Nicht für Induktion geeignet.</p>',
  },
  'orchard-jug': { name: 'Krug Obstgarten' },
  'copper-handle-teapot': {
    name: 'Teekanne mit Kupferbügel',
    descriptionHtml:
      '<p>Eine rundbauchige Kanne mit Kupferbügel und einem Sieb in der Tülle, damit die Blätter bleiben, wo sie hingehören.</p><p>Reicht für drei Becher oder für einen Menschen mit einem langen Buch.</p>',
  },
  'beech-spoon-trio': { name: 'Drei Kochlöffel aus Buche' },
  'harbour-wool-throw': {
    name: 'Wolldecke Hafen',
    descriptionHtml:
      '<p>Eine schwere Decke für das Sofaende, aus Lammwolle gewebt, mit breitem Streifen und gedrehten Fransen. Sie wärmt allein und ist groß genug für zwei.</p><p>An einem trockenen Tag draußen lüften; gewaschen werden muss sie selten.</p>',
  },
  'linen-cushion-cover': { name: 'Kissenbezug aus Leinen' },
  'kilim-cushion-cover': {
    name: 'Kelim-Kissenbezug',
    descriptionHtml:
      '<p>Ein flach gewebter Bezug im alten Rautenmuster, fest genug für ein Bodenkissen und lebhaft genug für ein schlichtes Sofa.</p><p>Die Rückseite ist ungefärbter Baumwollcanvas mit Reißverschluss.</p>',
  },
  'tea-towels-pair': { name: 'Geschirrtücher, ein Paar' },
  'market-day-apron': { name: 'Schürze Markttag' },
  'long-table-runner': { name: 'Langer Tischläufer' },
  'anadolu-flatweave-rug': {
    name: 'Flachgewebter Teppich Anadolu',
    descriptionHtml:
      '<p>Ein flach gewebter Wollteppich mit einer gestuften Raute in der Mitte und einer Reihe Zähne an jedem Ende. Er hat keine falsche Seite und lässt sich wenden.</p><p>Jeder Teppich wird von Hand gemessen; zwei, drei Zentimeter Abweichung sind möglich.</p>',
  },
  'quilted-oven-mitts': { name: 'Gesteppte Ofenhandschuhe' },
  'moonrise-paper-lantern': {
    name: 'Papierleuchte Mondaufgang',
    descriptionHtml:
      '<p>Eine Papierkugel auf einem Bambusgestell, mit einer kleinen Quaste darunter. Sie lässt sich für den Umzug flach falten und macht jedes Licht weicher.</p><p>Nur der Schirm; er passt an übliche Pendelleitungen mit E27-Fassung.</p>',
  },
  'heron-desk-lamp': { name: 'Schreibtischlampe Reiher' },
  'mosaic-table-lamp': {
    name: 'Mosaik-Tischlampe',
    descriptionHtml:
      '<p>Kleine bunte Glasstücke, einzeln in Gips um eine Glaskugel gesetzt. Ausgeschaltet ein Schmuckstück, eingeschaltet bemalt sie die Wand.</p><p>Weil das Glas von Hand gesetzt ist, ist jedes Muster anders. Mit zweipoligem Stecker und einem Adapter für das Land, in das Sie bestellen.</p>',
  },
  'dome-pendant': { name: 'Kuppelpendel' },
  'pierced-tin-lantern': { name: 'Gelochte Blechlaterne' },
  'beeswax-pillar-candles-three': {
    name: 'Drei Stumpenkerzen aus Bienenwachs',
    descriptionHtml:
      '<p>Drei gegossene Kerzen in drei Höhen. Bienenwachs brennt langsam und duftet leicht nach Honig; zugesetzt ist nichts.</p><p>Den Docht vor dem Anzünden auf einen halben Zentimeter kürzen.</p>',
  },
  'chamber-candlestick': { name: 'Handleuchter' },
  'mint-garden-tea': {
    name: 'Tee Minzgarten',
    descriptionHtml:
      '<p>Getrocknete Blätter der Grünen Minze, so groß, dass man sieht, was man aufgießt. Heißes Wasser darüber, sechs Minuten warten, süßen oder nicht.</p><p>Schön auch mit einem Löffel Grüntee in derselben Kanne.</p>',
  },
  'smoke-trail-black-tea': { name: 'Rauchiger Schwarztee' },
  'first-light-sencha': { name: 'Sencha Erstes Licht' },
  'corner-roast-coffee': {
    name: 'Kaffee von der Ecke',
    descriptionHtml:
      '<p>Der Kaffee, den wir im Laden trinken: eine mittlere Röstung mit Kakao und Orangenschale in der Tasse, jeden Dienstag in kleinen Mengen geröstet.</p><p>Als ganze Bohne, oder Sie sagen uns, wie Sie brühen, und wir mahlen passend.</p>',
  },
  'sour-cherry-jam': { name: 'Sauerkirschmarmelade' },
  'wildflower-honey': { name: 'Wildblütenhonig' },
  'house-zaatar': { name: 'Zatar des Hauses' },
  'rose-harissa': { name: 'Rosen-Harissa' },
  'early-harvest-olive-oil': { name: 'Olivenöl der frühen Ernte' },
  'medjool-dates-gift-box': { name: 'Medjool-Datteln im Geschenkkarton' },
  'linen-notebook': {
    name: 'Leinen-Notizbuch',
    descriptionHtml:
      '<p>Ein in Stoff gebundenes Notizbuch, das von der ersten Seite an flach liegt. Das Papier verträgt Füllertinte; dazu ein Lesebändchen, ein Gummiband und hinten eine Tasche.</p>',
  },
  'pocket-notebooks-three': { name: 'Drei Taschenhefte' },
  'walnut-fountain-pen': {
    name: 'Füller aus Nussbaum',
    descriptionHtml:
      '<p>Aus Nussbaum gedrechselt, mit Messingring und Stahlfeder. Er hat etwas Gewicht und wird in der Hand warm. Für übliche internationale Patronen oder den beiliegenden Konverter.</p>',
  },
  'six-good-pencils': { name: 'Sechs gute Bleistifte' },
  'well-ink': { name: 'Tinte im Glas' },
  'letter-set': { name: 'Briefset' },
  'the-souk-kitchen': { name: 'The Souk Kitchen (englisch)' },
  'a-year-of-small-gardens': { name: 'A Year of Small Gardens (englisch)' },
  'printed-wrapping-paper': { name: 'Bedrucktes Geschenkpapier' },
  'olive-oil-soap': {
    name: 'Olivenölseife',
    descriptionHtml:
      '<p>Ein schlichtes, schweres Stück, nach alter Art aus Olivenöl gekocht und monatelang gereift, bevor es gestempelt wird. Es hält lange, vor allem, wenn es zwischendurch trocknen darf.</p><p>In den Kräuterseifen sind getrocknete Kräuter; der puren ist nichts zugesetzt.</p>',
  },
  'hammam-towel': { name: 'Hamamtuch' },
  'waffle-towel-bundle': { name: 'Waffelhandtücher im Bündel' },
  'long-bath-brush': { name: 'Lange Badebürste' },
  'ribbed-soap-dish': { name: 'Gerippte Seifenschale' },
  'canvas-wash-bag': { name: 'Kulturbeutel aus Canvas' },
  'lavender-bath-salt': { name: 'Badesalz mit Lavendel' },
  'market-tote': { name: 'Markttasche' },
  weekender: { name: 'Weekender' },
  'fold-wallet': { name: 'Faltportemonnaie' },
  'courier-satchel': {
    name: 'Kuriertasche',
    descriptionHtml:
      '<p>Eine Ledertasche mit zwei Messingschnallen und einer Klappe, die den Regen abhält. Sie fasst einen Laptop bis vierzehn Zoll und sieht mit Kratzern besser aus als neu.</p>',
  },
  'key-fob': { name: 'Schlüsselanhänger' },
  'palm-basket': { name: 'Korb aus Palmblatt' },
  'plain-belt': { name: 'Schlichter Gürtel' },
  'roll-top-backpack': { name: 'Rolltop-Rucksack' },
  'caravan-camel': {
    name: 'Karawanenkamel',
    descriptionHtml:
      '<p>Ein Kamel auf Rädern, mit handbemalter Satteldecke und der Ruhe von jemandem, der schon einmal eine Wüste durchquert hat. Zum Nachziehen an einer Kordel.</p>',
  },
  'stacking-rainbow': { name: 'Stapelregenbogen' },
  'souk-building-blocks': { name: 'Souk-Bauklötze' },
  'travel-backgammon': { name: 'Reise-Backgammon' },
  'spinning-top': { name: 'Kreisel' },
  'tile-wall-puzzle': { name: 'Puzzle Fliesenwand' },
  'linen-rabbit': { name: 'Leinenhase' },
  'courtyard-kite': { name: 'Hofdrachen' },
  'terracotta-pot': { name: 'Terrakottatopf' },
  'painted-pot': { name: 'Bemalter Topf' },
  'glazed-planter': { name: 'Glasiertes Pflanzgefäß' },
  'five-litre-watering-can': { name: 'Gießkanne, fünf Liter' },
  'ash-handle-trowel': { name: 'Handschaufel mit Eschengriff' },
  'three-packets-of-seed': { name: 'Drei Tüten Samen' },
  'blue-tit-house': { name: 'Blaumeisenhaus' },
  'herb-snips': { name: 'Kräuterschere' },
  'harbour-linen-shirt': {
    name: 'Leinenhemd Hafen',
    descriptionHtml:
      '<p>Ein weites Hemd aus gewaschenem Leinen mit Brusttasche und Muschelknöpfen. Zugeknöpft für die Fähre, offen für den Strand.</p><p>Es fällt großzügig aus; zwischen zwei Größen ist die kleinere richtig.</p>',
  },
  'breton-shirt': { name: 'Bretonisches Hemd' },
  'heavy-cotton-tee': { name: 'T-Shirt aus schwerer Baumwolle' },
  'fisher-jumper': { name: 'Fischerpullover' },
  'chore-jacket': { name: 'Arbeitsjacke' },
  'drawstring-trousers': { name: 'Hose mit Kordelzug' },
  'long-wool-scarf': { name: 'Langer Wollschal' },
  'bobble-beanie': { name: 'Bommelmütze' },
  'tile-socks': { name: 'Fliesensocken' },
  'wide-straw-hat': { name: 'Breiter Strohhut' },
};
