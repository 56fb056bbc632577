using System.Text;

namespace AppHost.Tests.Local;

/// <summary>Keeps what the AppHost prints, and lets a test wait for a line.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly StringBuilder text = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (text)
        {
            text.Append(value);
            changed.TrySetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override string ToString()
    {
        lock (text) return text.ToString();
    }

    public async Task<string> LineWithAsync(string part, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (text)
            {
                next = changed.Task;
                if (text.ToString().Split('\n').FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } line) return line;
            }

            await next.WaitAsync(cancellationToken);
        }
    }
}
