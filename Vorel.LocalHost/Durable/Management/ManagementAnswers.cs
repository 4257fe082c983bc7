using System.Text.Json.Nodes;
using Vorel.Durable;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>Answers in the extension's JSON.</summary>
internal static class ManagementAnswers
{
    public static IResult Json(string json, int status = StatusCodes.Status200OK) =>
        Results.Text(json, "application/json; charset=utf-8", statusCode: status);

    public static IResult Message(int status, string message) => Json(HostJson.Print(new JsonObject { ["Message"] = message }), status);

    /// <summary>How many instances are gone; none is 404.</summary>
    public static IResult Purged(int count) => count == 0
        ? Message(StatusCodes.Status404NotFound, "No such instance was found.")
        : Json(HostJson.Print(new JsonObject { ["instancesDeleted"] = count }));

    /// <summary>A refusal of the hub as a status of HTTP.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="otherState">What stands for an instance in a state that does not allow the call.</param>
    public static IResult Refused(RpcException refusal, int otherState) => Message(
        refusal.Status switch
        {
            GrpcStatus.NotFound => StatusCodes.Status404NotFound,
            GrpcStatus.AlreadyExists => StatusCodes.Status409Conflict,
            GrpcStatus.FailedPrecondition => otherState,
            GrpcStatus.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
            GrpcStatus.Unimplemented => StatusCodes.Status501NotImplemented,
            _ => StatusCodes.Status400BadRequest,
        },
        refusal.Message);
}
