using Spectre.Console;

namespace Platform.Digits;

/// <summary>A moving bar on a terminal; elsewhere (AppHost, a file) a line for each tenth.</summary>
internal static class ProgressBar
{
    private const int Width = 20;

    public static Task<T> RunAsync<T>(string name, int total, Func<Action<int>, Task<T>> work) =>
        Console.IsOutputRedirected ? WithLinesAsync(name, total, Console.Out, work) : WithBarAsync(name, total, work);

    public static async Task<T> WithLinesAsync<T>(string name, int total, TextWriter output, Func<Action<int>, Task<T>> work)
    {
        var done = 0;
        return await work(count =>
        {
            var before = done * 10L / total;
            done += count;
            var tenths = (int)(done * 10L / total);
            if (tenths > before)
                output.WriteLine(Line(name, tenths, done, total));
        });
    }

    private static Task<T> WithBarAsync<T>(string name, int total, Func<Action<int>, Task<T>> work) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(name, maxValue: total);
                return work(count => task.Increment(count));
            });

    private static string Line(string name, int tenths, int done, int total)
    {
        var filled = tenths * Width / 10;
        return $"  {name,-17} [{new string('#', filled)}{new string('.', Width - filled)}] {tenths * 10,3}%  {done:N0} of {total:N0} images";
    }
}
