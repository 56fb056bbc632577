using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>What a team writes by hand in an afternoon: one session a model, JSON by System.Text.Json, and the bytes as they are.</summary>
internal static class PlainServer
{
    private static readonly int[] ImageShape = [1, 1, 28, 28];

    /// <param name="threads">Of a session's run; 0 leaves the session's options as they come.</param>
    public static async Task<int> RunAsync(int threads)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        foreach (var model in SpeedModels.All)
        {
            var session = new InferenceSession(SpeedModels.Read(model), Options(threads));
            app.MapPost($"/{model.Name}/json", (PlainRequest request) => Results.Ok(Answer(model.Name, Run(session, request.Inputs[0].Data))));
            app.MapPost($"/{model.Name}/binary", context => BinaryAsync(context, session));
        }

        await PeerProcess.ServeAsync(app);
        return 0;
    }

    private static SessionOptions Options(int threads) => threads == 0 ? new SessionOptions() : new SessionOptions { IntraOpNumThreads = threads };

    private static float[] Run(InferenceSession session, float[] image)
    {
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(image, ImageShape))]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static async Task BinaryAsync(HttpContext context, InferenceSession session)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var output = Run(session, MemoryMarshal.Cast<byte, float>(body.ToArray()).ToArray());
        await context.Response.Body.WriteAsync(MemoryMarshal.AsBytes<float>(output).ToArray());
    }

    private static PlainAnswer Answer(string model, float[] data) => new(model, [new("probabilities", [1, data.Length], "FP32", data)]);

    private sealed record PlainRequest(PlainTensor[] Inputs);

    private sealed record PlainAnswer(string ModelName, PlainTensor[] Outputs);

    private sealed record PlainTensor(string Name, long[] Shape, string Datatype, float[] Data);
}
