using Microsoft.AspNetCore.Http;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>The first request is held until the scenario has done what it wanted to do meanwhile; the others are answered at once.</summary>
internal sealed class HeldAnswer(Func<HttpContext, Task> answer)
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the request that is held has arrived.</summary>
    public Task Arrived => Eventually.True(() => _arrived.Task.IsCompleted, "the request arrived", TimeSpan.FromSeconds(30));

    public void Release() => _released.TrySetResult();

    /// <summary>A script for the receiver.</summary>
    public async Task Answer(int number, HttpContext context)
    {
        if (_arrived.TrySetResult())
        {
            await _released.Task.WaitAsync(context.RequestAborted);
        }

        await answer(context);
    }
}
