namespace Platform.Core.Sketches;

/// <summary>One bucket of a sketch.</summary>
/// <param name="Sign">-1, 0 or 1: of negative values, of zero, of positive ones.</param>
/// <param name="Key">ceil(ln |x| / ln gamma) of every value x in it; 0 in the bucket of zero.</param>
/// <param name="Count">How many values are in it.</param>
/// <param name="Value">What each of them is taken for.</param>
public readonly record struct SketchBin(int Sign, int Key, long Count, double Value);
