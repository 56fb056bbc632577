namespace Platform.Benchmarks.Speed;

/// <summary>A figure beside what it is to be.</summary>
internal readonly record struct Target(string What, double Figure, double Bound, bool AtMost)
{
    public bool IsMet => AtMost ? Figure <= Bound : Figure >= Bound;

    public static void PrintHeader()
    {
        Console.WriteLine();
        Console.WriteLine("| what | figure | target | |");
        Console.WriteLine("|---|---|---|---|");
    }

    public void Print() =>
        Console.WriteLine(Figures.Text($"| {What} | {Figure:0.###} | {(AtMost ? "≤" : "≥")} {Bound:0.###} | {(IsMet ? "met" : "MISSED")} |"));
}
