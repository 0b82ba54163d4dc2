/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one histogram layout: exponential, scale 2 (4 buckets an octave), in seconds. Cell 0 takes what is at or below
 * 2^-24 s; cell k takes (2^((k-97)/4), 2^((k-96)/4)] s; the last, up to 2^(41/4) s (20 minutes), also takes what is longer.
 * HISTOGRAM_BOUNDS_NS[k] is the largest whole number of ns in cell k, floor(10^9 * 2^((k-96)/4)), so that the seams are
 * exact and a cell is an OTLP exponential and a Prometheus native bucket as it stands.
 */
#ifndef OBSERVE_HISTOGRAM_BPF_H
#define OBSERVE_HISTOGRAM_BPF_H

#define HISTOGRAM_CELLS 138

/* clang-format off */
static const u64 HISTOGRAM_BOUNDS_NS[HISTOGRAM_CELLS] = {
	59ULL, 70ULL, 84ULL, 100ULL, 119ULL, 141ULL,
	168ULL, 200ULL, 238ULL, 283ULL, 337ULL, 400ULL,
	476ULL, 567ULL, 674ULL, 801ULL, 953ULL, 1134ULL,
	1348ULL, 1603ULL, 1907ULL, 2268ULL, 2697ULL, 3207ULL,
	3814ULL, 4536ULL, 5394ULL, 6415ULL, 7629ULL, 9072ULL,
	10789ULL, 12831ULL, 15258ULL, 18145ULL, 21579ULL, 25662ULL,
	30517ULL, 36291ULL, 43158ULL, 51324ULL, 61035ULL, 72583ULL,
	86316ULL, 102648ULL, 122070ULL, 145166ULL, 172633ULL, 205296ULL,
	244140ULL, 290333ULL, 345266ULL, 410593ULL, 488281ULL, 580667ULL,
	690533ULL, 821187ULL, 976562ULL, 1161335ULL, 1381067ULL, 1642375ULL,
	1953125ULL, 2322670ULL, 2762135ULL, 3284751ULL, 3906250ULL, 4645340ULL,
	5524271ULL, 6569503ULL, 7812500ULL, 9290680ULL, 11048543ULL, 13139006ULL,
	15625000ULL, 18581361ULL, 22097086ULL, 26278012ULL, 31250000ULL, 37162722ULL,
	44194173ULL, 52556025ULL, 62500000ULL, 74325444ULL, 88388347ULL, 105112051ULL,
	125000000ULL, 148650889ULL, 176776695ULL, 210224103ULL, 250000000ULL, 297301778ULL,
	353553390ULL, 420448207ULL, 500000000ULL, 594603557ULL, 707106781ULL, 840896415ULL,
	1000000000ULL, 1189207115ULL, 1414213562ULL, 1681792830ULL, 2000000000ULL, 2378414230ULL,
	2828427124ULL, 3363585661ULL, 4000000000ULL, 4756828460ULL, 5656854249ULL, 6727171322ULL,
	8000000000ULL, 9513656920ULL, 11313708498ULL, 13454342644ULL, 16000000000ULL, 19027313840ULL,
	22627416997ULL, 26908685288ULL, 32000000000ULL, 38054627680ULL, 45254833995ULL, 53817370576ULL,
	64000000000ULL, 76109255360ULL, 90509667991ULL, 107634741152ULL, 128000000000ULL, 152218510720ULL,
	181019335983ULL, 215269482304ULL, 256000000000ULL, 304437021440ULL, 362038671967ULL, 430538964609ULL,
	512000000000ULL, 608874042881ULL, 724077343935ULL, 861077929219ULL, 1024000000000ULL, 1217748085762ULL,
};

/* clang-format on */

/* The highest bit set in a byte; 0 for 0. */
/* clang-format off */
static const u8 HIGHEST_BIT[256] = {
	0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
	6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
	6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
};

/* clang-format on */

/* Number of the highest bit set; 0 for 0. BPF has no instruction for it. */
static __always_inline u32 highest_bit(u64 value)
{
	u32 bit = 0;

	if (value >> 32) {
		value >>= 32;
		bit = 32;
	}
	if (value >> 16) {
		value >>= 16;
		bit += 16;
	}
	if (value >> 8) {
		value >>= 8;
		bit += 8;
	}
	return bit + HIGHEST_BIT[value & 255];
}

/*
 * The cell of a duration. In units of 2^-30 s (times 2^30/10^9, taken a hair too small as 4398/4096) the octave is the
 * highest bit and the linear quarter of the octave is never above the logarithmic one and at most one below it: one
 * comparison with the exact bound settles it.
 */
static __always_inline u32 histogram_cell(u64 ns)
{
	u64 units;
	u32 octave, cell;

	if (ns <= HISTOGRAM_BOUNDS_NS[0])
		return 0;
	if (ns > HISTOGRAM_BOUNDS_NS[HISTOGRAM_CELLS - 2])
		return HISTOGRAM_CELLS - 1;
	units = ns * 4398 >> 12;
	octave = highest_bit(units);
	cell = 4 * octave - 23 + (units >> (octave - 2) & 3);
	asm volatile("" : "+r"(cell));
	if (cell >= HISTOGRAM_CELLS) /* cannot be; for the verifier */
		return HISTOGRAM_CELLS - 1;
	return cell + (ns > HISTOGRAM_BOUNDS_NS[cell]);
}

/*
 * The same where it is rarely called: not static, so that the verifier follows its branches once, not once for each way to
 * each call. A call and its return cost what the rest of it does.
 */
__noinline u32 histogram_cell_called(u64 ns)
{
	return histogram_cell(ns);
}

#endif
