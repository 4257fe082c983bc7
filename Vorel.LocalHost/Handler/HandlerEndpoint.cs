namespace Vorel.LocalHost.Handler;

/// <summary>One start of the handler: where it listens and who it is.</summary>
/// <param name="Address"><c>http://127.0.0.1:{port}</c>.</param>
/// <param name="WorkerId">The id given to this start in FUNCTIONS_CUSTOMHANDLER_WORKER_ID.</param>
/// <param name="ProcessId">The operating system's process id.</param>
internal sealed record HandlerEndpoint(Uri Address, string WorkerId, int ProcessId);
