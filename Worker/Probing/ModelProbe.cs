using System.Text.Json;
using Platform.Core;
using Platform.Core.Serving;
using Platform.Worker.Onnx;
using Platform.Worker.Profiling;

namespace Platform.Worker.Probing;

/// <summary>
/// The child's side: reads a model from standard input and does with it all that a worker will do before it serves it, so
/// that what goes wrong goes wrong here. The file never touches a disk.
/// </summary>
internal static class ModelProbe
{
    /// <summary>The first argument of a worker that is to be only this.</summary>
    public const string Verb = "probe";

    private static readonly string[] MemoryWords = ["bad_alloc", "bad allocation", "allocate memory", "overflow", "supported maximum"];

    public static int Run(Stream input, TextWriter output)
    {
        output.WriteLine(JsonSerializer.Serialize(Judge(input), PlatformJson.Options));
        return 0;
    }

    private static ProbeVerdict Judge(Stream input)
    {
        try
        {
            using var buffer = new MemoryStream();
            input.CopyTo(buffer);
            var file = buffer.ToArray();
            var signature = OnnxInspector.Read(file, CancellationToken.None);
            using var model = OnnxModel.Load(file, Device.Cpu, new Devices());
            return RunOnce(model) is { } error ? new(null, error) : new(signature, null);
        }
        catch (UnusableModelException e)
        {
            return new(null, e.Message);
        }
        catch (OutOfMemoryException)
        {
            return new(null, "The model needs more memory than an upload may.");
        }
    }

    /// <summary>A model may refuse zeros; that is found when it is deployed. That it eats all memory is found here.</summary>
    private static string? RunOnce(OnnxModel model)
    {
        try
        {
            Warmup.Run(model);
            return null;
        }
        catch (ModelRunException e) when (MeansMemory(e.Message))
        {
            return $"The model needs more memory than an upload may: {e.Message}";
        }
        catch (ModelRunException)
        {
            // What a run on zeros says of the graph otherwise is the deployment's business.
            return null;
        }
    }

    /// <summary>The runtime has no code for it, only words: of the allocator, of sizes that overflow, of operators with a limit.</summary>
    private static bool MeansMemory(string message) =>
        MemoryWords.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase));
}
