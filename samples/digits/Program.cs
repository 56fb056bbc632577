using System.Runtime.InteropServices;
using Platform.Digits;

// Ctrl-C and AppHost's SIGTERM end the demo in order and are told apart from success.
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var command = CommandLine.Parse(args, Environment.GetEnvironmentVariable);
    if (command.Usage is { } usage)
    {
        Console.Error.WriteLine(usage);
        return 2;
    }

    var settings = DemoSettings.From(command.Variable);
    var images = LabelledImages.Load(AppContext.BaseDirectory);
    using var platform = new PlatformClient(settings);

    Console.WriteLine($"Platform at {settings.Address}");
    if (command.IsJob) return await BatchJob.RunAsync(platform, images, command.Version, stop.Token);
    await Registration.RunAsync(platform, stop.Token);

    var single = await InferencePass.RunAsync("one by one", platform, images, batchSize: 1, stop.Token);
    var batched = await InferencePass.RunAsync("in requests of 32", platform, images, batchSize: 32, stop.Token);
    Report.Print(single, batched);
    return 0;
}
catch (DemoException e)
{
    Console.Error.WriteLine($"The demo stopped: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("The demo was stopped before it ended.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
