#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Every example of every page under docs/cmdlets, and of the tour and the views, does what the page says. The conventions stand in PageExamples.ps1.

BeforeDiscovery {
    . "$PSScriptRoot/PageExamples.ps1"
    $script:pages = @('views', 'tour' | ForEach-Object { @{ Name = $_; Path = "$PSScriptRoot/../../docs/$_.md" } } | Where-Object { Test-Path $_.Path })
    $script:pages += Get-ChildItem "$PSScriptRoot/../../docs/cmdlets" -Filter *.md |
        Where-Object { (Get-Content $_.FullName -TotalCount 1) -eq '---' } |
        ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
    # What can be run here; a page whose examples all need results of a cluster and the like has no such test.
    $script:pages = $pages | ForEach-Object { $_.Runs = @(Get-PageExample $_.Path | Where-Object { Find-PageNeed $_.Needs }).Count; $_ }
}

Describe 'The examples of <Name>' -ForEach $pages {
    BeforeAll {
        . "$PSScriptRoot/PageExamples.ps1"
        Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
        $script:examples = @(Get-PageExample $Path)
    }

    It 'are there, one to three or more, each with a title and a command' {
        $examples.Count | Should -BeGreaterThan 0
        $examples | ForEach-Object { if ($Path -like '*cmdlets*') { $_.Title | Should -Match '^Example \d+: \S' }; $_.Commands.Count | Should -BeGreaterThan 0 -Because $_.Title }
    }

    It 'parse, and their parameters bind' {
        $examples.Commands | ForEach-Object { Find-BindingFault $_.Text } | Should -BeNullOrEmpty
    }

    if ($Runs -gt 0) {
        It 'print what the page says' {
            $folder = Join-Path ([IO.Path]::GetTempPath()) ('ap' + [IO.Path]::GetRandomFileName().Substring(0, 6))
            $before = $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME
            $env:MP_API_KEY = $env:PMG_VASP_PSP_DIR = $null
            $env:ATOMPRONET_HOME = Join-Path $folder '.atompronet'
            $session = Open-PageSession $env:ATOMPRONET_MODULE "$PSScriptRoot/../../samples" $folder
            try {
                $faults = foreach ($example in $examples) {
                    $prepare = Find-PageNeed $example.Needs
                    if (-not $prepare) { continue }
                    Initialize-PageNeed $prepare $folder
                    foreach ($command in $example.Commands) {
                        $result = Invoke-PageCommand $session $command.Text -Folder $folder -Width $example.Width
                        $printed = ($command.Printed -join '').Trim()
                        if ($printed) { $fault = Compare-PageOutput $command.Printed $result.Printed }
                        else { $fault = $result.Failures -gt 0 ? $result.Printed : $null }
                        if ($fault) { "$Name, line $($command.Line): $fault" }
                    }
                }
                $faults -join "`n`n" | Should -BeNullOrEmpty
            }
            finally {
                Close-PageSession $session
                $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME = $before
                Remove-Item -LiteralPath $folder -Recurse -Force
            }
        }
    }
}
