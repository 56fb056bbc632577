using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Platform.Api.Access;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

internal sealed partial class InferenceService
{
    private const string FinalResponse = "triton_final_response";

    /// <summary>Several requests are under way at a time; their answers come in the order of the requests.</summary>
    [Authorize(Policy = Roles.Inference)]
    public override async Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream, IServerStreamWriter<ModelStreamInferResponse> responseStream, ServerCallContext context)
    {
        // A client that does not read its answers is soon not read from either.
        var underWay = Channel.CreateBounded<Task<ModelStreamInferResponse>>(options.Value.MaxStreamedRequests);
        var writing = WriteAsync(underWay.Reader, responseStream, context.CancellationToken);
        var requestId = context.GetHttpContext().TraceIdentifier;
        var count = 0;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
                await underWay.Writer.WriteAsync(AnswerAsync(requestStream.Current, $"{requestId}-{++count}", context), context.CancellationToken);
        }
        finally
        {
            underWay.Writer.Complete();
        }

        await writing;
    }

    private static async Task WriteAsync(
        ChannelReader<Task<ModelStreamInferResponse>> answers, IServerStreamWriter<ModelStreamInferResponse> responses, CancellationToken cancellation)
    {
        await foreach (var answer in answers.ReadAllAsync(cancellation)) await responses.WriteAsync(await answer, cancellation);
    }

    private async Task<ModelStreamInferResponse> AnswerAsync(ModelInferRequest request, string requestId, ServerCallContext context)
    {
        try
        {
            var answer = await AskAsync(request, requestId, context);
            if (answer.Status != StatusCodes.Status200OK) return Failed(request, InferResponses.ErrorOf(answer));
            var response = InferResponses.From(answer);
            // Each request has one answer, so each answer is the last; clients of models with several ask for this mark.
            response.Parameters[FinalResponse] = new InferParameter { BoolParam = true };
            return new ModelStreamInferResponse { InferResponse = response };
        }
        catch (InvalidRequestException e)
        {
            return Failed(request, e.Message);
        }
    }

    /// <summary>The id tells which request it was about.</summary>
    private static ModelStreamInferResponse Failed(ModelInferRequest request, string error) => new()
    {
        ErrorMessage = error,
        InferResponse = new ModelInferResponse { ModelName = request.ModelName, ModelVersion = request.ModelVersion, Id = request.Id },
    };
}
